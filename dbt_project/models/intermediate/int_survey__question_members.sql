-- A question is answered when one of its fields is; of a multiple choice, what is left out is a no.
with answers as (
    select
        answers.*,
        questions.indicator_id,
        questions.measure,
        concat_ws(
            '|',
            questions.note_ids,
            case
                when bool_or(answers.is_answered_unasked) over (partition by answers.wave, answers.question)
                    then 'time_without_coordinator'
            end
        ) as note_ids,
        bool_or(answers.is_answered)
            over (partition by answers.wave, answers.municipality_code, answers.question)
            as is_question_answered
    from {{ ref('int_survey__answers_long') }} as answers
    inner join {{ ref('indicator_questions') }} as questions
        on answers.question = questions.question
),

categories as (
    {{ question_categories() }}
),

final as (
    select
        answers.wave,
        answers.municipality_code,
        answers.indicator_id,
        answers.measure,
        answers.question,
        answers.field,
        categories.category,
        coalesce(array_contains(categories.answers, answers.answer), false) as is_member,
        concat_ws('|', answers.note_ids, categories.note_ids) as note_ids,
        answers.break_note_id
    from answers
    inner join categories
        on
            answers.indicator_id = categories.indicator_id
            and answers.measure = categories.measure
            and answers.field = categories.field
    where answers.is_question_answered
)

select * from final
