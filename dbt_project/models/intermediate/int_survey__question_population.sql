-- A municipality that answered the survey but was rightly not asked the question is outside; of one
-- that did not answer at all nobody knows, so it counts as one that could have.
with questions as (
    select distinct
        wave,
        question
    from {{ ref('int_survey__fields') }}
    where is_asked
),

invited as (
    select
        frame.wave,
        questions.question,
        frame.municipality_code,
        frame.size_class,
        coalesce(bool_or(answers.is_answered), false) as is_answered,
        frame.is_answered and not coalesce(bool_or(answers.is_expected), false) as is_outside
    from {{ ref('int_survey__frame') }} as frame
    inner join questions
        on frame.wave = questions.wave
    left join {{ ref('int_survey__answers_long') }} as answers
        on
            frame.wave = answers.wave
            and frame.municipality_code = answers.municipality_code
            and questions.question = answers.question
    group by frame.wave, questions.question, frame.municipality_code, frame.size_class, frame.is_answered
),

final as (
    {%- for breakdown, column in {'all': "'all'", 'size': 'size_class'}.items() %}
    select
        wave,
        question,
        '{{ breakdown }}' as breakdown,
        {{ column }} as breakdown_value,
        count(*) as population,
        cast(count_if(is_answered) as bigint) as observed
    from invited
    where not is_outside
    group by wave, question, breakdown_value
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
)

select * from final
