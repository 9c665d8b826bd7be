-- Response by size and region is of the whole survey only: who was asked the questions on the
-- coordinator follows from an answer, and by group would tell that answer.
with invited as (
    select
        frame.*,
        municipalities.region
    from {{ ref('int_survey__frame') }} as frame
    inner join {{ ref('municipalities') }} as municipalities
        on frame.municipality_code = municipalities.municipality_code
),

{# breakdown, column, notes, synthetic, deliveries -#}
{% set size_notes = "'size_class' || case when is_size_fallback then '|size_fallback_extract' else '' end" -%}
{% set groups = [
    ('all', "'all'", "''", 'is_synthetic', '[delivery_id]'),
    ('size', 'size_class', size_notes, 'is_synthetic or coalesce(is_size_synthetic, false)',
        'list_append(coalesce(size_delivery_ids, []), delivery_id)'),
    ('region', 'region', "''", 'is_synthetic', '[delivery_id]'),
] -%}
frame as (
    {%- for breakdown, column, notes, synthetic, deliveries in groups %}
    select
        wave,
        '{{ breakdown }}' as breakdown,
        {{ column }} as breakdown_value,
        count(*) as invited,
        count_if(is_answered) as answered,
        max({{ notes }}) as note_ids,
        'A' as obs_status,
        bool_or({{ synthetic }}) as is_synthetic,
        {{ merged_deliveries(deliveries) }} as delivery_ids
    from invited
    group by wave, breakdown_value
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

questions as (
    select
        *,
        'all' as breakdown,
        'all' as breakdown_value
    from {{ ref('int_survey__question_response') }}
    where expected > 0
),

{# relation, category, measure, unit, numerator, base, value -#}
{% set measures = [
    ('frame', "'all'", 'invited', 'count', 'invited', 'invited', 'invited'),
    ('frame', "'all'", 'answered', 'count', 'answered', 'invited', 'answered'),
    ('frame', "'all'", 'unit_response_pct', 'pct', 'answered', 'invited', '100.0 * answered / invited'),
    ('questions', 'question', 'item_answered', 'count', 'answered', 'expected', 'answered'),
    ('questions', 'question', 'item_response_pct', 'pct', 'answered', 'expected', '100.0 * answered / expected'),
] -%}
measures as (
    {%- for relation, category, measure, unit, numerator, base, value in measures %}
    select
        wave,
        breakdown,
        breakdown_value,
        {{ category }} as category,
        '{{ measure }}' as measure,
        '{{ unit }}' as unit,
        {{ numerator }} as numerator,
        {{ base }} as base,
        {{ value }} as value,
        note_ids,
        obs_status
    from {{ relation }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

cells as (
    select
        measures.wave as period,
        measures.breakdown,
        measures.breakdown_value,
        measures.category,
        measures.measure,
        measures.unit,
        measures.numerator,
        measures.base,
        measures.value,
        measures.note_ids,
        measures.obs_status,
        frame.is_synthetic,
        frame.delivery_ids
    from measures
    inner join frame
        on
            measures.wave = frame.wave
            and measures.breakdown = frame.breakdown
            and measures.breakdown_value = frame.breakdown_value
),

final as (
    {{ published_cells('I02', 'cells') }}
)

select * from final
