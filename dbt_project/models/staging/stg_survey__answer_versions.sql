-- The same answer comes again with each export: the key is respondent and time of change.
-- Where the export has no such time, each delivery is a version of its own.
select
    answers.delivery_id,
    answers.row_number,
    answers.period as wave,
    answers.respondent_id,
    answers.municipality_code,
    answers.response_status,
    answers.completed_at,
    answers.modified_at,
    deliveries.received_at,
    deliveries.is_increment,
    {{ survey_answers('answers') }},
    deliveries.is_synthetic
from {{ source('raw', 'survey_answers') }} as answers
inner join {{ ref('stg_ledger__deliveries') }} as deliveries
    on answers.delivery_id = deliveries.delivery_id
where deliveries.state in ('accepted', 'quarantined', 'superseded')
qualify row_number() over (
    partition by
        answers.period, answers.respondent_id, answers.modified_at,
        case when answers.modified_at is null then answers.delivery_id end
    order by deliveries.received_at desc, answers.row_number desc
) = 1
