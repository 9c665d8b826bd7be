with invited as (
    select
        wave,
        municipality_code,
        count(*) as respondents,
        bool_or(response_status = 'completed') as is_answered,
        max(delivery_id) as delivery_id,
        bool_or(is_synthetic) as is_synthetic
    from {{ ref('stg_survey__answers') }}
    group by wave, municipality_code
),

final as (
    select
        invited.*,
        extracts.extract_date as size_extract_date,
        extracts.is_fallback as is_size_fallback,
        extracts.delivery_ids as size_delivery_ids,
        extracts.is_synthetic as is_size_synthetic,
        sizes.residents as residents_in_plan_areas,
        coalesce(sizes.size_class, 'unknown') as size_class
    from invited
    left join {{ ref('int_waves__size_extracts') }} as extracts
        on invited.wave = extracts.wave
    left join {{ ref('int_driftsstoette__municipalities') }} as sizes
        on
            extracts.extract_date = sizes.extract_date
            and invited.municipality_code = sizes.municipality_code
)

select * from final
