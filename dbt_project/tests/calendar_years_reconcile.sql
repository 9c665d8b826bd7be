-- What is granted, by the newest extract that holds each plan, is the same to the øre in the delivered
-- rows, in the calendar years of the mart, and in those of I07 by every breakdown it is published by;
-- and each calendar year of I07 is that of the mart.
with lines as (
    select
        lines.status,
        lines.amount_kr,
        lines.extract_date = max(lines.extract_date) over (partition by lines.case_number) as is_newest
    from {{ source('raw', 'driftsstoette_lines') }} as lines
    inner join {{ source('raw', 'deliveries') }} as deliveries
        on lines.delivery_id = deliveries.delivery_id
    where deliveries.is_current
),

granted as (
    select sum(amount_kr) as granted_kr
    from lines
    where is_newest and status <> 'prequalified'
),

mart as (
    select
        cast(calendar_year as string) as period,
        sum(amount_kr) as year_kr
    from {{ ref('fct_plan_financing_year') }}
    group by calendar_year
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
        'all years' as period,
        'fct_plan_financing_year' as found_in,
        'all' as breakdown,
        granted_kr as expected_kr
    from granted
    union all
    select
        mart.period,
        ways.way as found_in,
        breakdowns.breakdown,
        mart.year_kr as expected_kr
    from mart
    cross join breakdowns
    cross join ways
    where breakdowns.breakdown <> 'municipality'
),

found as (
    select
        'all years' as period,
        'fct_plan_financing_year' as found_in,
        'all' as breakdown,
        sum(year_kr) as found_kr
    from mart
    union all
    {{ summed_three_ways('year_amount_kr', 'period') }}
)

select
    totals.period,
    totals.found_in,
    totals.breakdown,
    totals.expected_kr,
    found.found_kr
from totals
left join found
    on
        totals.period = found.period
        and totals.found_in = found.found_in
        and totals.breakdown = found.breakdown
where totals.expected_kr is distinct from found.found_kr
