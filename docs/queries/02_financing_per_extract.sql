-- Where does the money of the active plans come from, extract by extract?
-- One row per extract and financing source.
select
    extract_date,
    financing_source,
    sum(amount_kr) as amount_kr,
    round(100 * sum(amount_kr) / sum(sum(amount_kr)) over (partition by extract_date), 1) as share_pct
from marts.fct_plan_financing
where is_active
group by extract_date, financing_source
order by extract_date asc, amount_kr desc
