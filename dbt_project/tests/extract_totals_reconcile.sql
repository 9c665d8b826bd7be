-- The kroner of each extract are the same to the øre in the delivered rows, in the marts, summed over the
-- plans, and in I07: by every breakdown of the catalogue, as total, as fund and local, and source by source.
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

breakdowns as (
    select {{ each_of(items_of('breakdowns')) }} as breakdown
    from {{ ref('indicator_catalogue') }}
    where indicator_id = 'I07'
),

ways (way) as (
    values ('total'), ('fund_and_local'), ('sources')
),

-- What ought to be there: a total that is lost altogether must be missed too.
totals as (
    select
        extract_date,
        'fct_plan_financing' as found_in,
        'all' as breakdown,
        all_kr as expected_kr
    from delivered
    union all
    select
        extract_date,
        'fct_plan_snapshot' as found_in,
        'all' as breakdown,
        all_kr as expected_kr
    from delivered
    union all
    select
        delivered.extract_date,
        ways.way as found_in,
        breakdowns.breakdown,
        delivered.active_kr as expected_kr
    from delivered
    cross join breakdowns
    cross join ways
    where
        delivered.active_kr is not null
        and (breakdowns.breakdown <> 'municipality' or ways.way <> 'sources')
),

found as (
    select
        extract_date,
        'fct_plan_financing' as found_in,
        'all' as breakdown,
        sum(amount_kr) as found_kr
    from {{ ref('fct_plan_financing') }}
    group by extract_date
    union all
    select
        extract_date,
        'fct_plan_snapshot' as found_in,
        'all' as breakdown,
        sum(total_kr) as found_kr
    from {{ ref('fct_plan_snapshot') }}
    group by extract_date
    union all
    {{ summed_three_ways('amount_kr', 'cast(period as date) as extract_date') }}
)

select
    totals.extract_date,
    totals.found_in,
    totals.breakdown,
    totals.expected_kr,
    found.found_kr
from totals
left join found
    on
        totals.extract_date = found.extract_date
        and totals.found_in = found.found_in
        and totals.breakdown = found.breakdown
where totals.expected_kr is distinct from found.found_kr
