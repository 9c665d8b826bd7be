select
    answers.delivery_id,
    answers.row_number,
    answers.period as wave,
    answers.respondent_id,
    answers.municipality_code,
    answers.response_status,
    answers.completed_at,
    {%- for field in survey_fields() %}
    {%- if field == 'coordinator_hours_per_week' %}
    cast(answers.{{ field }} as double) as {{ field }},
    {%- else %}
    answers.{{ field }},
    {%- endif %}
    {%- endfor %}
    deliveries.is_synthetic
from {{ source('raw', 'survey_answers') }} as answers
inner join {{ ref('stg_ledger__deliveries') }} as deliveries
    on answers.delivery_id = deliveries.delivery_id
where deliveries.is_current
