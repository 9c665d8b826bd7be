-- The deliveries behind the released cells.
select
    source_title_da as source_title,
    regexp_replace(period, '(\d{4})-(\d\d)-(\d\d)', '\3-\2-\1') as period_label,
    file_name,
    strftime(received_at, '%d-%m-%Y') as received_on,
    case when is_synthetic then 'ja' else 'nej' end as synthetic_text
from release_deliveries
order by source_title_da, period
