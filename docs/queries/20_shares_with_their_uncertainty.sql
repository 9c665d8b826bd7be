-- How much can a share of the survey be off, as not everybody answered?
-- One row per share of the newest wave, all municipalities together. Confidential until released.
select
    indicator_id,
    category,
    numerator as said_so,
    base as answered,
    population as could_have_answered,
    round(value, 1) as share_pct,
    round(lower_bound, 1) as lower_95_pct,
    round(upper_bound, 1) as upper_95_pct,
    round(weighted_value, 1) as weighted_by_size_pct
from published.pub_indicator_cells
where
    population is not null
    and breakdown = 'all'
    and period = (select max(newest.wave) from marts.dim_wave as newest)
order by indicator_id, sort_order
