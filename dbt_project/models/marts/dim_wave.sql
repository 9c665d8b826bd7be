with exports as (
    select
        period as wave,
        delivery_id
    from {{ ref('stg_ledger__deliveries') }}
    where source = 'survey' and is_current and not is_increment
),

responses as (
    select
        wave,
        count(*) as invited,
        count_if(is_answered) as answered,
        bool_or(is_synthetic) as is_synthetic
    from {{ ref('int_survey__frame') }}
    group by wave
),

final as (
    select
        extracts.wave,
        extracts.planned_extract_date as planned_size_extract_date,
        extracts.extract_date as size_extract_date,
        extracts.is_fallback as is_size_fallback,
        cast(responses.invited as integer) as invited,
        cast(responses.answered as integer) as answered,
        exports.delivery_id as survey_delivery_id,
        responses.is_synthetic
    from {{ ref('int_waves__size_extracts') }} as extracts
    left join responses
        on extracts.wave = responses.wave
    left join exports
        on extracts.wave = exports.wave
)

select * from final
