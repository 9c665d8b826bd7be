with final as (
    select
        extract_date,
        extract_date = max(extract_date) over () as is_newest,
        delivery_ids,
        is_synthetic
    from {{ ref('int_driftsstoette__extracts') }}
)

select * from final
