-- How many kroner do the grants amount to per calendar year, spread evenly over their days?
-- One row per year; years to come hold what is granted already.
select
    calendar_year,
    count(distinct case_number) as plans,
    sum(amount_kr) as amount_kr,
    sum(amount_kr) filter (where is_local) as local_kr,
    round(100 * sum(amount_kr) filter (where is_local) / sum(amount_kr), 1) as local_share_pct
from marts.fct_plan_financing_year
group by calendar_year
order by calendar_year
