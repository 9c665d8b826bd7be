-- How many were invited and answered, by wave and region?
-- One row per wave and region.
select
    responses.wave,
    municipalities.region,
    count(*) as invited,
    count(*) filter (where responses.is_answered) as answered,
    round(100.0 * count(*) filter (where responses.is_answered) / count(*), 1) as response_pct
from marts.fct_survey_response as responses
inner join marts.dim_municipality as municipalities
    on responses.municipality_code = municipalities.municipality_code
group by responses.wave, municipalities.region
order by responses.wave, municipalities.region
