with final as (
    select
        versions.wave,
        versions.respondent_id,
        cast(row_number() over (
            partition by versions.wave, versions.respondent_id
            order by versions.modified_at asc nulls first, versions.received_at asc
        ) as integer) as answer_version,
        versions.modified_at,
        versions.received_at,
        newest.respondent_id is not null as is_newest,
        versions.is_increment,
        versions.municipality_code,
        versions.response_status,
        versions.completed_at,
        {%- for field in survey_fields() %}
        versions.{{ field }},
        {%- endfor %}
        versions.is_synthetic,
        versions.delivery_id,
        versions.row_number
    from {{ ref('stg_survey__answer_versions') }} as versions
    left join {{ ref('stg_survey__answers') }} as newest
        on
            versions.delivery_id = newest.delivery_id
            and versions.row_number = newest.row_number
            and versions.wave = newest.wave
)

select * from final
