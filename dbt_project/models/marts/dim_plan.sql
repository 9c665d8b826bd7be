-- As the newest extract tells of each; how it was before is in dim_plan_version.
with final as (
    select
        case_number,
        plan_name,
        housing_organisation,
        lbf_number,
        municipality_code,
        grant_pool,
        focus_areas,
        grant_start,
        grant_end,
        status,
        cast(plan_version as integer) as versions,
        last_seen,
        is_synthetic
    from {{ ref('int_driftsstoette__plan_versions') }}
    where is_latest
)

select * from final
