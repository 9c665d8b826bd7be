-- By the first and last day of each plan's grant, as its newest extract tells them.
with plans as (
    select * from {{ ref('int_driftsstoette__plan_versions') }}
    where is_latest and status <> 'prequalified'
),

extracts as (
    select
        max(extract_date) as newest,
        bool_or(is_synthetic) as is_synthetic,
        {{ deliveries_of('delivery_id') }} as delivery_ids
    from {{ ref('stg_driftsstoette__lines') }}
),

calendar as (
    select unnest(range(min(year(plans.grant_start)), max(year(extracts.newest)) + 1)) as plan_year
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

history as (
    select
        counted.*,
        count_if(counted.plans_running > 0) over (
            partition by counted.breakdown, counted.breakdown_value order by counted.plan_year
            rows between unbounded preceding and current row
        ) as years_with_plans,
        extracts.newest < make_date(counted.plan_year, 12, 31) as is_provisional
    from counted
    cross join extracts
),

cells as (
    {%- for measure, unit in {
        'plans_started': 'count',
        'plans_continued': 'count',
        'plans_ended': 'count',
        'plans_running': 'count',
        'years_with_plans': 'years',
    }.items() %}
    select
        cast(history.plan_year as varchar) as period,
        history.breakdown,
        history.breakdown_value,
        'all' as category,
        '{{ measure }}' as measure,
        '{{ unit }}' as unit,
        history.{{ measure }} as numerator,
        cast(null as bigint) as base,
        history.{{ measure }} as value,
        case when history.is_provisional then 'P' else 'A' end as obs_status,
        case when history.is_provisional then 'plan_history|provisional' else 'plan_history' end as note_ids,
        extracts.is_synthetic,
        extracts.delivery_ids
    from history
    cross join extracts
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

final as (
    {{ published_cells('I13', 'cells') }}
)

select * from final
