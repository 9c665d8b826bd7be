-- What a break stops has no figure, and says so by its status (B) and note.
with counts as (
    select
        counts.*,
        counts.break_note_id is not null or counts.panel = 0 as is_stopped,
        tests.exact_p,
        tests.mid_p
    from {{ ref('int_change__counts') }} as counts
    inner join {{ ref('int_change__mcnemar') }} as tests
        on counts.gained = tests.gained and counts.lost = tests.lost
),

{# measure, unit, numerator, value, notes -#}
{% set by_answer = [
    ('share_before_pct', 'pct', 'kept + lost', '100 * (kept + lost) / panel', ''),
    ('share_after_pct', 'pct', 'kept + gained', '100 * (kept + gained) / panel', ''),
    ('change_pct_points', 'pct_points', 'gained - lost', '100 * (gained - lost) / panel', ''),
    ('gained', 'count', 'gained', 'gained', ''),
    ('lost', 'count', 'lost', 'lost', ''),
    ('mcnemar_exact_p', 'p_value', 'null', 'exact_p', '|mcnemar'),
    ('mcnemar_mid_p', 'p_value', 'null', 'mid_p', '|mcnemar'),
    ('may_be_chance', 'yes_no', 'null', "cast(mid_p >= " ~ var('chance_p_value') ~ " as integer)", '|mcnemar'),
] -%}
{% set by_question = ['panel', 'joiners', 'leavers', 'size_movers'] -%}
cells as (
    {%- for measure, unit, numerator, value, notes in by_answer %}
    select
        period,
        breakdown,
        breakdown_value,
        concat(question, '__', category) as category,
        '{{ measure }}' as measure,
        '{{ unit }}' as unit,
        case when not is_stopped then {{ numerator }} end as numerator,
        case when not is_stopped then panel end as base,
        case when not is_stopped then {{ value }} end as value,
        case when break_note_id is not null then 'B' when panel = 0 then 'M' else 'A' end as obs_status,
        concat_ws(
            '|', 'paired_panel{{ notes }}', break_note_id, nullif(note_ids, ''),
            case when breakdown = 'size' then 'size_movers_apart' end,
            {{ low_base_note('panel') }}
        ) as note_ids,
        is_synthetic,
        delivery_ids
    from counts
    union all
    {%- endfor %}
    {%- for measure in by_question %}
    {#- who moved is for the extracts to say, that the sizes rest on: they are behind it too #}
    {%- set divided = measure != 'size_movers' %}
    select
        period,
        {{ 'breakdown' if divided else "'all'" }} as breakdown,
        {{ 'breakdown_value' if divided else "'all'" }} as breakdown_value,
        question as category,
        '{{ measure }}' as measure,
        'count' as unit,
        max({{ measure }}) as numerator,
        null as base,
        max({{ measure }}) as value,
        'A' as obs_status,
        {{ "concat_ws('|', 'paired_panel', case when breakdown = 'size' then 'size_movers_apart' end)"
            if divided else "'paired_panel'" }} as note_ids,
        bool_or(is_synthetic) as is_synthetic,
        {{ merged_deliveries('delivery_ids') }} as delivery_ids
    from counts
    group by period, {% if divided %}counts.breakdown, counts.breakdown_value, {% endif %}question
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

final as (
    {{ published_cells('I15', 'cells') }}
)

select * from final
