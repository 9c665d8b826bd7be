-- Response to single questions by size and region stays in the house (`confidentiality_exceptions`):
-- who was asked those on the coordinator follows from an answer, and by group would tell it.
with frame as (
    select * from {{ ref('int_survey__unit_response') }}
),

questions as (
    select
        questions.*,
        concat_ws('|', nullif(questions.note_ids, ''), nullif(frame.note_ids, '')) as all_note_ids
    from {{ ref('int_survey__question_response') }} as questions
    inner join frame
        on
            questions.wave = frame.wave
            and questions.breakdown = frame.breakdown
            and questions.breakdown_value = frame.breakdown_value
    where questions.expected > 0
),

{# relation, category, measure, unit, numerator, base, value -#}
{% set measures = [
    ('frame', "'all'", 'invited', 'count', 'invited', 'invited', 'invited'),
    ('frame', "'all'", 'answered', 'count', 'answered', 'invited', 'answered'),
    ('frame', "'all'", 'unit_response_pct', 'pct', 'answered', 'invited', '100 * answered / invited'),
    ('questions', 'question', 'item_answered', 'count', 'answered', 'expected', 'answered'),
    ('questions', 'question', 'item_response_pct', 'pct', 'answered', 'expected', '100 * answered / expected'),
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
        {{ 'note_ids' if relation == 'frame' else 'all_note_ids' }} as note_ids,
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
