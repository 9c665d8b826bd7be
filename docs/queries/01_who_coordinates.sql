-- Who coordinates, and how much time it takes, by wave and size of municipality?
-- One row per wave, size class and answer. Confidential: counts of one or two stay in the house.
select
    wave,
    size_class,
    answer,
    count(*) as municipalities
from marts.fct_survey_answer
where field = 'coordinator_time_band' and is_answered
group by wave, size_class, answer
order by wave asc, size_class asc, municipalities desc
