-- Large, small and unknown municipalities together are all municipalities of the same figure.
with sums as (
    select
        indicator_id,
        period,
        category,
        measure,
        sum(numerator) filter (where breakdown = 'all') as all_numerator,
        sum(numerator) filter (where breakdown = 'size') as size_numerator,
        sum(base) filter (where breakdown = 'all') as all_base,
        sum(base) filter (where breakdown = 'size') as size_base
    from {{ ref('pub_indicator_cells') }}
    where
        breakdown in ('all', 'size')
        and indicator_id in ('I03', 'I05', 'I06', 'I08')
        and measure like '%share_pct'
    group by indicator_id, period, category, measure
)

select *
from sums
where all_numerator <> size_numerator or all_base <> size_base
