with frame as (
    select
        wave,
        count(*) as invited,
        count_if(is_answered) as answered,
        '' as note_ids,
        'A' as obs_status,
        bool_or(is_synthetic) as is_synthetic,
        {{ deliveries_of('delivery_id') }} as delivery_ids
    from {{ ref('int_survey__frame') }}
    group by wave
),

questions as (
    select * from {{ ref('int_survey__question_response') }}
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
        measures.category,
        measures.measure,
        measures.unit,
        measures.numerator,
        measures.base,
        measures.value,
        measures.note_ids,
        'all' as breakdown,
        'all' as breakdown_value,
        measures.obs_status,
        frame.is_synthetic,
        frame.delivery_ids
    from measures
    inner join frame
        on measures.wave = frame.wave
),

final as (
    {{ published_cells('I02', 'cells') }}
)

select * from final
