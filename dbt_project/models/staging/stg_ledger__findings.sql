select
    delivery_id,
    source,
    period,
    file_name,
    sheet,
    row_number,
    column_name,
    rule,
    severity,
    message_da,
    message_en
from {{ source('raw', 'findings') }}
