-- Which indicators are there, what is their base, and for which periods?
-- One row per indicator.
select
    indicator_id,
    title_da,
    base_da,
    confidentiality,
    first_period,
    last_period,
    cells
from docs.indicators
order by indicator_id
