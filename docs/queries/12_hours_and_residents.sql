-- How much coordination is there per 1,000 residents of areas with a plan?
-- One row per wave that asks hours and size class; 37 hours a week are one full-time equivalent.
select
    wave,
    size_class,
    count(*) as municipalities,
    round(sum(coordinator_hours_per_week) / 37, 2) as fte,
    sum(residents_in_plan_areas) as residents,
    round(1000 * sum(coordinator_hours_per_week) / 37 / sum(residents_in_plan_areas), 3) as fte_per_1000
from marts.fct_survey_response
where coordinator_hours_per_week is not null and residents_in_plan_areas is not null
group by wave, size_class
order by wave, size_class
