-- Several respondents of one municipality: the one who finished last counts.
with final as (
    select
        wave,
        municipality_code,
        respondent_id,
        completed_at,
        count(*) over (partition by wave, municipality_code) as completed_responses,
        {%- for field in survey_fields() %}
        {{ field }},
        {%- endfor %}
        is_synthetic,
        delivery_id,
        row_number
    from {{ ref('stg_survey__answers') }}
    where response_status = 'completed'
    qualify row_number() over (
        partition by wave, municipality_code
        order by completed_at desc nulls last, received_at desc, row_number desc
    ) = 1
)

select * from final
