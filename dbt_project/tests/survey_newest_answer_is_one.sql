-- Every answer that counts is the newest version of exactly one history, and no other version is.
with newest as (
    select
        wave,
        respondent_id,
        count_if(is_newest) as newest_versions
    from {{ ref('int_survey__answer_history') }}
    group by wave, respondent_id
)

select
    answers.wave,
    answers.respondent_id,
    newest.newest_versions
from {{ ref('stg_survey__answers') }} as answers
left join newest
    on answers.wave = newest.wave and answers.respondent_id = newest.respondent_id
where newest.newest_versions is distinct from 1
