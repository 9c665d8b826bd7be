-- Which questions were left unanswered most often by those who were asked them?
-- One row per wave and question.
with questions as (
    select
        wave,
        question,
        municipality_code,
        bool_or(is_expected) as is_expected,
        bool_or(is_answered) as is_answered
    from marts.fct_survey_answer
    group by wave, question, municipality_code
)

select
    wave,
    question,
    count(*) filter (where is_expected) as asked,
    count(*) filter (where is_expected and not is_answered) as left_out
from questions
group by wave, question
order by left_out desc, wave asc, question asc
