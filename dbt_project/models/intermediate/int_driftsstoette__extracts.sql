with final as (
    select
        extract_date,
        bool_or(is_synthetic) as is_synthetic,
        {{ deliveries_of('delivery_id') }} as delivery_ids
    from {{ ref('stg_driftsstoette__lines') }}
    group by extract_date
)

select * from final
