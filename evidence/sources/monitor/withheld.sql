-- The tables that are not published, and why.
-- Evidence cannot ship an empty table, so there is always a row of no indicator.
select
    indicator_id,
    period,
    breakdown_label_da as breakdown_label,
    reason_da
from withheld_tables
union all
select
    '-' as indicator_id,
    '' as period,
    '' as breakdown_label,
    '' as reason_da
order by indicator_id, breakdown_label, period
