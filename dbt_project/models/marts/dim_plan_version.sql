with final as (
    select
        case_number,
        cast(plan_version as integer) as plan_version,
        valid_from,
        valid_to,
        last_seen,
        is_latest,
        plan_name,
        housing_organisation,
        lbf_number,
        municipality_code,
        grant_pool,
        focus_areas,
        grant_start,
        grant_end,
        status,
        cast(homes as bigint) as homes,
        cast(residents as bigint) as residents,
        cast(total_kr as decimal(18, 2)) as total_kr,
        cast(lbf_kr as decimal(18, 2)) as lbf_kr,
        cast(local_kr as decimal(18, 2)) as local_kr,
        cast(staff_hours as decimal(18, 2)) as staff_hours,
        is_synthetic,
        delivery_ids
    from {{ ref('int_driftsstoette__plan_versions') }}
)

select * from final
