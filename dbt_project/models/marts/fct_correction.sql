-- A published cell names its deliveries; a correction of one of them is behind it.
with final as (
    select
        correction_id,
        delivery_id,
        source,
        period,
        row_number,
        column_name,
        state,
        detail,
        old_value,
        new_value,
        reason,
        provider,
        corrected_on
    from {{ ref('stg_ledger__corrections') }}
)

select * from final
