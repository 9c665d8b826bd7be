select delivery_id
from {{ ref('stg_ledger__deliveries') }}
where rows_quarantined > 0
