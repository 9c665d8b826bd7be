with plan_lines as (
    select * from {{ ref('stg_driftsstoette__lines') }}
),

plans as (
    -- The contract holds the plan's facts equal on all its lines, so any of them will do.
    select
        extract_date,
        case_number,
        max(plan_name) as plan_name,
        max(housing_organisation) as housing_organisation,
        max(lbf_number) as lbf_number,
        max(municipality_code) as municipality_code,
        max(grant_pool) as grant_pool,
        max(focus_areas) as focus_areas,
        max(grant_start) as grant_start,
        max(grant_end) as grant_end,
        max(status) as status,
        bool_or(is_active) as is_active,
        max(homes) as homes,
        max(residents) as residents,
        sum(amount_kr) as total_kr,
        coalesce(sum(amount_kr) filter (where not is_local), 0) as lbf_kr,
        coalesce(sum(amount_kr) filter (where is_local), 0) as local_kr,
        100 * (
            cast(coalesce(sum(amount_kr) filter (where is_local), 0) as double) / nullif(sum(amount_kr), 0)
        ) as local_share_pct,
        -- A plan without kroner has no local share: it is neither at the floor nor below it.
        case
            when sum(amount_kr) > 0
                then
                    100 * coalesce(sum(amount_kr) filter (where is_local), 0)
                    >= {{ var('local_share_floor_pct') }} * sum(amount_kr)
        end as is_local_share_at_floor,
        -- No staff line, no hours; a staff line without hours leaves them unknown.
        case when bool_or(financing_source = 'municipality_staff') then sum(staff_hours) else 0 end
            as staff_hours,
        sum(amount_kr) filter (where financing_source = 'municipality_staff') as staff_kr,
        max(delivery_id) as delivery_id,
        bool_or(is_synthetic) as is_synthetic
    from plan_lines
    group by extract_date, case_number
),

-- Staff time that was promised in kroner and hours has a price; one far from any pay is told, never mended.
final as (
    select
        *,
        cast(staff_kr as double) / nullif(staff_hours, 0) as staff_hour_kr,
        case
            when staff_kr is null or staff_kr + coalesce(staff_hours, 0) = 0 then null
            when staff_hours is null then 'hours_unknown'
            when staff_kr < {{ var('staff_hour_kr_lowest') }} * staff_hours then 'too_cheap'
            when staff_kr > {{ var('staff_hour_kr_highest') }} * staff_hours then 'too_dear'
        end as staff_hour_finding
    from plans
)

select * from final
