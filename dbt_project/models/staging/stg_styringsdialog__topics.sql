select
    topics.delivery_id,
    topics.row_number,
    cast(topics.meeting_year as integer) as meeting_year,
    topics.municipality_code,
    topics.housing_organisation,
    topics.lbf_number,
    topics.meeting_date,
    topics.topic,
    cast(topics.has_agreement as boolean) as has_agreement,
    deliveries.is_synthetic
from {{ source('raw', 'styringsdialog_topics') }} as topics
inner join {{ ref('stg_ledger__deliveries') }} as deliveries
    on topics.delivery_id = deliveries.delivery_id
where deliveries.is_current
