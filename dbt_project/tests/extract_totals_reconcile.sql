-- The kroner of each extract are the same to the øre in the delivered rows, the marts and I07.
with delivered as (
    select
        lines.extract_date,
        sum(lines.amount_kr) as all_kr,
        sum(lines.amount_kr) filter (where lines.status = 'active') as active_kr
    from {{ source('raw', 'driftsstoette_lines') }} as lines
    inner join {{ source('raw', 'deliveries') }} as deliveries
        on lines.delivery_id = deliveries.delivery_id
    where deliveries.is_current
    group by lines.extract_date
),

financing as (
    select
        extract_date,
        sum(amount_kr) as all_kr
    from {{ ref('fct_plan_financing') }}
    group by extract_date
),

snapshots as (
    select
        extract_date,
        sum(total_kr) as all_kr
    from {{ ref('fct_plan_snapshot') }}
    group by extract_date
),

-- Each breakdown of I07, summed over its values and sources, is the active total again.
published as (
    select
        cast(period as date) as extract_date,
        breakdown,
        cast(sum(numerator) as decimal(18, 2)) as active_kr
    from {{ ref('pub_i07_cofinancing_mix') }}
    where measure = 'amount_kr' and category not in ('all', 'local')
    group by period, breakdown
)

select
    delivered.extract_date,
    delivered.all_kr as delivered_kr,
    financing.all_kr as financing_kr,
    snapshots.all_kr as snapshot_kr,
    delivered.active_kr as delivered_active_kr,
    published.breakdown,
    published.active_kr as published_active_kr
from delivered
left join financing
    on delivered.extract_date = financing.extract_date
left join snapshots
    on delivered.extract_date = snapshots.extract_date
left join published
    on delivered.extract_date = published.extract_date
where
    delivered.all_kr is distinct from financing.all_kr
    or delivered.all_kr is distinct from snapshots.all_kr
    or delivered.active_kr is distinct from published.active_kr
