{#-
  Shares out of rows of one unit (municipality, plan) per group and category.

  `members` is a relation with period, breakdown, breakdown_value, category, is_member, obs_status,
  note_ids, is_synthetic and delivery_ids; every unit of the base has a row for every category.
  An indicator of several questions has a `measure` for each: shares add up within a measure.
-#}
{% macro share_cells(members, measure='share_pct') -%}
    select
        period,
        breakdown,
        breakdown_value,
        category,
        '{{ measure }}' as measure,
        'pct' as unit,
        count_if(is_member) as numerator,
        count(*) as base,
        100 * count_if(is_member) / count(*) as value,
        obs_status,
        concat_ws('|', nullif(note_ids, ''), {{ low_base_note('count(*)') }}) as note_ids,
        {{ any_synthetic('is_synthetic') }} as is_synthetic,
        {{ merged_deliveries('delivery_ids') }} as delivery_ids
    from {{ members }}
    group by period, breakdown, breakdown_value, category, obs_status, note_ids
{%- endmacro %}

{#-
  The common long shape of every published indicator, out of a relation of cells.

  Adds the stable id, the confidentiality (the indicator's, or an exception's: a breakdown by a survey
  answer makes even a register figure confidential), an order to print in and the note on rows held
  back. Cells are printed category by category, or measure by measure where each measure is a question of its own.
-#}
{% macro published_cells(indicator_id, cells, is_by_measure=false) -%}
    select
        concat_ws(
            '.', '{{ indicator_id }}', cells.period, cells.breakdown,
            cells.breakdown_value, cells.category, cells.measure
        ) as cell_id,
        '{{ indicator_id }}' as indicator_id,
        cells.period,
        cells.breakdown,
        cells.breakdown_value,
        cells.category,
        cells.measure,
        cells.unit,
        cast(cells.numerator as double) as numerator,
        cast(cells.base as double) as base,
        cast(cells.value as double) as value,
        cells.obs_status,
        concat_ws(
            '|', nullif(cells.note_ids, ''),
            case
                when {{ have_common_item('cells.delivery_ids', 'held_back.delivery_ids') }}
                    then 'partial_quarantine'
            end
        ) as note_ids,
        coalesce(exceptions.is_confidential, catalogue.confidentiality = 'confidential') as is_confidential,
        cells.is_synthetic,
        cells.delivery_ids,
        cast(row_number() over (
            order by
                cells.period, breakdowns.sort_order, breakdown_values.sort_order, cells.breakdown_value,
                {{ 'measures.sort_order,' if is_by_measure }}
                categories.sort_order, cells.category, measures.sort_order, cells.measure
        ) as integer) as sort_order
    from {{ cells }} as cells
    inner join {{ ref('indicator_catalogue') }} as catalogue
        on catalogue.indicator_id = '{{ indicator_id }}'
    left join {{ ref('confidentiality_exceptions') }} as exceptions
        on
            exceptions.indicator_id = '{{ indicator_id }}'
            and cells.breakdown = coalesce(exceptions.breakdown, cells.breakdown)
            and cells.measure = coalesce(exceptions.measure, cells.measure)
    cross join (
        select coalesce(array_agg(delivery_id), {{ list_of() }}) as delivery_ids
        from {{ ref('int_ledger__held_back') }}
    ) as held_back
    {%- for alias, dimension, column in [
        ('breakdowns', 'breakdown', 'breakdown'),
        ('breakdown_values', 'breakdown_value', 'breakdown_value'),
        ('categories', 'category', 'category'),
        ('measures', 'measure', 'measure'),
    ] %}
    left join {{ ref('dim_cell_label') }} as {{ alias }}
        on {{ alias }}.dimension = '{{ dimension }}' and {{ alias }}.code = cells.{{ column }}
    {%- endfor %}
{%- endmacro %}
