-- Which invited municipalities did not answer a wave?
-- One row per wave and municipality. For reminders, not for print.
select
    responses.wave,
    municipalities.municipality_name,
    responses.size_class
from marts.fct_survey_response as responses
inner join marts.dim_municipality as municipalities
    on responses.municipality_code = municipalities.municipality_code
where not responses.is_answered
order by responses.wave, municipalities.municipality_name
