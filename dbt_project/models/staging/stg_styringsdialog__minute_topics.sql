select
    topics.delivery_id,
    topics.row_number,
    cast(topics.period as integer) as meeting_year,
    topics.municipality_code,
    topics.housing_organisation,
    topics.meeting_date,
    topics.topic,
    topics.score,
    topics.page,
    topics.char_offset,
    topics.matched_in,
    topics.tagged_by,
    deliveries.is_synthetic
from {{ source('raw', 'styringsdialog_minute_topics') }} as topics
inner join {{ ref('stg_ledger__deliveries') }} as deliveries
    on topics.delivery_id = deliveries.delivery_id
where deliveries.is_current
