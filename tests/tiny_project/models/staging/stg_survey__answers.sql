select
    answers.period,
    answers.municipality_code,
    answers.coordinator_appointed
from {{ source('raw', 'survey_answers') }} as answers
inner join {{ source('raw', 'deliveries') }} as deliveries
    on answers.delivery_id = deliveries.delivery_id
where deliveries.is_current
