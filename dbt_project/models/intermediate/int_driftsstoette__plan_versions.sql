-- Slowly changing dimension, type 2, worked out from all current extracts, so that it comes out the
-- same whenever it is rebuilt. A plan keeps its version until an extract tells something else of it.
{% set facts = [
    'plan_name', 'housing_organisation', 'lbf_number', 'municipality_code', 'grant_pool', 'focus_areas',
    'grant_start', 'grant_end', 'status', 'homes', 'residents', 'total_kr', 'lbf_kr', 'local_kr', 'staff_hours',
] -%}
with plans as (
    select
        *,
        ({{ facts | join(',\n            ') }}) as facts
    from {{ ref('int_driftsstoette__plans') }}
),

compared as (
    select
        *,
        coalesce(facts <> lag(facts) over (partition by case_number order by extract_date), true)
            as is_new_version
    from plans
),

numbered as (
    select
        *,
        sum(cast(is_new_version as integer)) over (
            partition by case_number order by extract_date
            rows between unbounded preceding and current row
        ) as plan_version
    from compared
),

versions as (
    select
        case_number,
        plan_version,
        {%- for fact in facts %}
        min_by({{ fact }}, extract_date) as {{ fact }},
        {%- endfor %}
        min(extract_date) as valid_from,
        max(extract_date) as last_seen,
        {{ deliveries_of('delivery_id') }} as delivery_ids,
        bool_or(is_synthetic) as is_synthetic
    from numbered
    group by case_number, plan_version
),

final as (
    select
        *,
        lead(valid_from) over (partition by case_number order by plan_version) as valid_to,
        row_number() over (partition by case_number order by plan_version desc) = 1 as is_latest
    from versions
)

select * from final
