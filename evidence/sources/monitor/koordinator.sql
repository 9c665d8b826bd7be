-- I05: how much time is spent on coordination, by size of municipality.
select
    period as boelge,
    case breakdown_value
        when 'large' then 'Store kommuner'
        when 'small' then 'Små kommuner'
        else 'Alle kommuner'
    end as gruppe,
    category_label_da as svar,
    value / 100 as andel,
    case when obs_status = 'B' then '¦ ' else '' end
    || display_da
    || case when conf_status = 'F' and obs_status <> 'M' then ' pct.' else '' end as andel_tekst,
    coalesce(cast(cast(base as integer) as varchar), '..') as n_tekst,
    sort_order
from released_cells
where indicator_id = 'I05' and measure = 'share_pct'
order by sort_order
