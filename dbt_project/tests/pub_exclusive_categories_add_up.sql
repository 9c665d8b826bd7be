-- The categories of a single-choice question take in everyone who answered it: counts add to the base.
select
    indicator_id,
    period,
    breakdown,
    breakdown_value,
    measure,
    sum(numerator) as counted,
    max(base) as base
from {{ ref('pub_indicator_cells') }}
where indicator_id in ('I03', 'I05', 'I08') and measure like '%share_pct'
group by indicator_id, period, breakdown, breakdown_value, measure
having sum(numerator) <> max(base)
