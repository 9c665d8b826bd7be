-- A question of several fields (multiple choice) is answered when one of them is.
with answers as (
    select
        wave,
        municipality_code,
        question,
        bool_or(is_answered) as is_answered,
        bool_or(is_answered_unasked) as is_answered_unasked,
        bool_or(is_expected) as is_expected,
        {{ joined_distinct('break_note_id') }} as break_note_ids
    from {{ ref('int_survey__answers_long') }}
    group by wave, municipality_code, question
),

of_municipalities as (
    select
        answers.*,
        frame.size_class,
        municipalities.region
    from answers
    inner join {{ ref('int_survey__frame') }} as frame
        on
            answers.wave = frame.wave
            and answers.municipality_code = frame.municipality_code
    inner join {{ ref('municipalities') }} as municipalities
        on answers.municipality_code = municipalities.municipality_code
),

final as (
    {%- for breakdown, column in {'all': "'all'", 'size': 'size_class', 'region': 'region'}.items() %}
    select
        wave,
        question,
        '{{ breakdown }}' as breakdown,
        {{ column }} as breakdown_value,
        count_if(is_answered) as answered,
        count_if(is_expected) as expected,
        concat_ws(
            '|',
            case when bool_or(not is_expected or is_answered_unasked) then 'skip_logic' end,
            case when bool_or(is_answered_unasked) then 'time_without_coordinator' end,
            max(break_note_ids)
        ) as note_ids,
        {{ break_status('max(break_note_ids)') }} as obs_status
    from of_municipalities
    group by wave, question, breakdown_value
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
)

select * from final
