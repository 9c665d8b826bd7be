-- A correction that met nothing, or another value than expected, is for a person: the sender has
-- mended the cell, or the correction was never right. Keys only, no values.
{{ config(severity='warn') }}
select
    correction_id,
    delivery_id,
    row_number,
    column_name,
    state
from {{ ref('stg_ledger__corrections') }}
where state in ('expired', 'target_missing')
