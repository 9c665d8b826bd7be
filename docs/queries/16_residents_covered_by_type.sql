-- How many residents do active plans cover in each type of municipality?
-- One row per extract and type.
select
    plans.extract_date,
    municipalities.municipality_type,
    count(distinct plans.municipality_code) as municipalities,
    count(*) as plans,
    sum(plans.residents) as residents
from marts.fct_plan_snapshot as plans
inner join marts.dim_municipality as municipalities
    on plans.municipality_code = municipalities.municipality_code
where plans.is_active
group by plans.extract_date, municipalities.municipality_type
order by plans.extract_date asc, residents desc
