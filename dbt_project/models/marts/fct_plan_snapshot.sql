with final as (
    select
        extract_date,
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
        is_active,
        cast(homes as bigint) as homes,
        cast(residents as bigint) as residents,
        cast(total_kr as decimal(18, 2)) as total_kr,
        cast(lbf_kr as decimal(18, 2)) as lbf_kr,
        cast(local_kr as decimal(18, 2)) as local_kr,
        cast(local_share_pct as double) as local_share_pct,
        cast(staff_hours as decimal(18, 2)) as staff_hours,
        cast(staff_kr as decimal(18, 2)) as staff_kr,
        staff_hour_kr,
        is_synthetic,
        delivery_id
    from {{ ref('int_driftsstoette__plans') }}
)

select * from final
