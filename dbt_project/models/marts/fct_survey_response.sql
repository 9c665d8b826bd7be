with final as (
    select
        frame.wave,
        frame.municipality_code,
        frame.is_answered,
        cast(frame.residents_in_plan_areas as bigint) as residents_in_plan_areas,
        frame.size_class,
        answers.completed_at,
        cast(answers.completed_responses as integer) as completed_responses,
        {%- for field in survey_fields() %}
        answers.{{ field }},
        {%- endfor %}
        frame.is_synthetic,
        frame.delivery_id
    from {{ ref('int_survey__frame') }} as frame
    left join {{ ref('int_survey__latest_answers') }} as answers
        on
            frame.wave = answers.wave
            and frame.municipality_code = answers.municipality_code
)

select * from final
