-- Which rules do senders break most?
-- One row per source, rule and severity.
select
    source,
    rule,
    severity,
    count(*) as findings,
    count(distinct delivery_id) as deliveries
from raw.findings
group by source, rule, severity
order by findings desc, rule asc
