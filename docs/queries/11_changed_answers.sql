-- How many municipalities changed their answer on the coordinator between two waves?
-- One row per pair of waves, answer before and answer after. Confidential.
with answers as (
    select
        wave,
        municipality_code,
        coordinator_appointed,
        lead(wave) over (partition by municipality_code order by wave) as next_wave,
        lead(coordinator_appointed) over (partition by municipality_code order by wave) as next_answer
    from marts.fct_survey_response
    where is_answered
)

select
    wave as before_wave,
    next_wave as after_wave,
    coordinator_appointed as answer_before,
    next_answer as answer_after,
    count(*) as municipalities
from answers
where next_wave is not null
group by wave, next_wave, coordinator_appointed, next_answer
order by before_wave asc, after_wave asc, municipalities desc
