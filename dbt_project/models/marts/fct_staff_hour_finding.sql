with final as (
    select
        plans.extract_date,
        plans.case_number,
        plans.staff_hour_finding as broken_rule,
        plans.municipality_code,
        plans.is_active,
        cast(plans.staff_kr as decimal(18, 2)) as staff_kr,
        cast(plans.staff_hours as decimal(18, 2)) as staff_hours,
        plans.staff_hour_kr,
        cast({{ var('staff_hour_kr_lowest') }} as integer) as lowest_plausible_kr,
        cast({{ var('staff_hour_kr_highest') }} as integer) as highest_plausible_kr,
        lines.row_number,
        plans.is_synthetic,
        plans.delivery_id
    from {{ ref('int_driftsstoette__plans') }} as plans
    inner join {{ ref('stg_driftsstoette__lines') }} as lines
        on
            plans.extract_date = lines.extract_date
            and plans.case_number = lines.case_number
            and lines.financing_source = 'municipality_staff'
    where plans.staff_hour_finding is not null
)

select * from final
