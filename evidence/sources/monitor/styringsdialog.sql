-- I09: share of municipalities that discussed a topic in their styringsdialog meetings.
select
    period as aar,
    category_label_da as emne,
    value / 100 as andel,
    case when obs_status = 'B' then '¦ ' else '' end
    || display_da
    || case when conf_status = 'F' and obs_status <> 'M' then ' pct.' else '' end as andel_tekst,
    coalesce(cast(cast(base as integer) as varchar), '..') as n_tekst,
    sort_order
from released_cells
where indicator_id = 'I09' and measure = 'share_pct' and breakdown = 'all'
order by sort_order
