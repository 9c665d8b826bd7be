with final as (
    select
        case_number,
        financing_source,
        calendar_year,
        is_local,
        municipality_code,
        grant_pool,
        status,
        extract_date,
        grant_days,
        amount_kr,
        staff_hours,
        is_synthetic,
        delivery_id,
        row_number
    from {{ ref('int_driftsstoette__financing_years') }}
)

select * from final
