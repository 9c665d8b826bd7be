-- Which files does a published figure come from?
-- One row per delivery behind the cell; put in the id of the cell you ask about.
with cells as (
    select
        cell_id,
        value,
        unnest(delivery_ids) as delivery_id
    from published.pub_indicator_cells
    where cell_id = 'I05.2015.size.large.full_time_or_more.share_pct'
)

select
    cells.cell_id,
    round(cells.value, 1) as value,
    deliveries.file_name,
    deliveries.received_at,
    deliveries.delivery_id as sha256
from cells
inner join marts.fct_delivery as deliveries
    on cells.delivery_id = deliveries.delivery_id
order by deliveries.received_at, deliveries.file_name
