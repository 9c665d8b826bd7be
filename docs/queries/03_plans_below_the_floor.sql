-- Which active plans have less than 25 per cent of local co-financing?
-- One row per extract and plan.
select
    plans.extract_date,
    municipalities.municipality_name,
    plans.plan_name,
    round(plans.local_share_pct, 1) as local_share_pct
from marts.fct_plan_snapshot as plans
inner join marts.dim_municipality as municipalities
    on plans.municipality_code = municipalities.municipality_code
where plans.is_active and plans.local_share_pct < 25
order by plans.extract_date, plans.local_share_pct
