with final as (
    select
        answers.wave,
        answers.municipality_code,
        answers.field,
        answers.question,
        answers.answer,
        answers.answer_number,
        answers.is_answered,
        answers.is_expected,
        answers.is_series_break,
        frame.size_class,
        answers.is_synthetic,
        answers.delivery_id,
        cast(answers.row_number as bigint) as row_number
    from {{ ref('int_survey__answers_long') }} as answers
    inner join {{ ref('int_survey__frame') }} as frame
        on
            answers.wave = frame.wave
            and answers.municipality_code = frame.municipality_code
)

select * from final
