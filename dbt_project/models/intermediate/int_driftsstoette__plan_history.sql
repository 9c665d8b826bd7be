-- By the first and last day of each plan's grant, as its newest extract tells them.
with plans as (
    select * from {{ ref('int_driftsstoette__plan_versions') }}
    where is_latest and status <> 'prequalified'
),

extracts as (
    select
        max(extract_date) as newest,
        bool_or(is_synthetic) as is_synthetic,
        {{ merged_deliveries('delivery_ids') }} as delivery_ids
    from {{ ref('int_driftsstoette__extracts') }}
),

calendar as (
    select
        {{ each_of(whole_numbers('min(year(plans.grant_start))', 'max(year(extracts.newest))')) }}
            as plan_year
    from plans
    cross join extracts
),

grouped_plans as (
    select
        *,
        'all' as breakdown,
        'all' as breakdown_value
    from plans
    union all
    select
        *,
        'grant_pool' as breakdown,
        grant_pool as breakdown_value
    from plans
),

plan_years as (
    select
        calendar.plan_year,
        plans.breakdown,
        plans.breakdown_value,
        year(plans.grant_start) = calendar.plan_year as is_started,
        year(plans.grant_end) = calendar.plan_year and plans.grant_end <= extracts.newest as is_ended,
        calendar.plan_year > year(plans.grant_start) and calendar.plan_year < year(plans.grant_end)
            as is_continued,
        calendar.plan_year between year(plans.grant_start) and year(plans.grant_end) as is_running
    from grouped_plans as plans
    cross join calendar
    cross join extracts
    where plans.grant_start <= extracts.newest
),

counted as (
    select
        plan_year,
        breakdown,
        breakdown_value,
        count_if(is_started) as plans_started,
        count_if(is_ended) as plans_ended,
        count_if(is_continued) as plans_continued,
        count_if(is_running) as plans_running
    from plan_years
    group by plan_year, breakdown, breakdown_value
),

final as (
    select
        counted.*,
        count_if(counted.plans_running > 0) over (
            partition by counted.breakdown, counted.breakdown_value order by counted.plan_year
            rows between unbounded preceding and current row
        ) as years_with_plans,
        extracts.newest < make_date(counted.plan_year, 12, 31) as is_provisional,
        extracts.is_synthetic,
        extracts.delivery_ids
    from counted
    cross join extracts
)

select * from final
