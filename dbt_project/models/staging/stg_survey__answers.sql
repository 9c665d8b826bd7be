-- An increment only adds to a full export: without one it would look like the whole wave.
with deliveries as (
    select
        *,
        bool_or(not is_increment) over (partition by period) as has_export
    from {{ ref('stg_ledger__deliveries') }}
    where source = 'survey' and is_current
),

final as (
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
        {{ survey_answers('answers') }},
        deliveries.is_synthetic
    from {{ source('raw', 'survey_answers') }} as answers
    inner join deliveries
        on answers.delivery_id = deliveries.delivery_id
    where deliveries.has_export
    qualify row_number() over (
        partition by answers.period, answers.respondent_id
        order by answers.modified_at desc nulls last, deliveries.received_at desc, answers.row_number desc
    ) = 1
)

select * from final
