select
    corrections.correction_id,
    corrections.delivery_id,
    corrections.source,
    corrections.period,
    corrections.row_number,
    corrections.column_name,
    corrections.state,
    corrections.detail,
    corrections.old_value,
    corrections.new_value,
    corrections.reason,
    corrections.provider,
    corrections.corrected_on
from {{ source('raw', 'corrections') }} as corrections
inner join {{ ref('stg_ledger__deliveries') }} as deliveries
    on corrections.delivery_id = deliveries.delivery_id
where deliveries.is_current
