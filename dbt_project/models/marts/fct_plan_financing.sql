with final as (
    select
        extract_date,
        case_number,
        financing_source,
        is_local,
        municipality_code,
        grant_pool,
        is_active,
        amount_kr,
        staff_hours,
        100 * (
            cast(amount_kr as double)
            / nullif(sum(amount_kr) over (partition by extract_date, case_number), 0)
        ) as share_of_plan_pct,
        is_synthetic,
        delivery_id,
        row_number
    from {{ ref('stg_driftsstoette__lines') }}
)

select * from final
