with extracts as (
    select
        extract_date,
        {{ deliveries_of('delivery_id') }} as delivery_ids,
        bool_or(is_synthetic) as is_synthetic
    from {{ ref('stg_driftsstoette__lines') }}
    group by extract_date
),

waves as (
    select
        cast(wave as string) as wave,
        cast(size_extract_date as date) as planned_extract_date
    from {{ ref('survey_waves') }}
),

-- The wave's own extract, or, where it has not been delivered, the newest one before it.
final as (
    select
        waves.wave,
        waves.planned_extract_date,
        extracts.extract_date,
        extracts.extract_date <> waves.planned_extract_date as is_fallback,
        extracts.delivery_ids,
        extracts.is_synthetic
    from waves
    left join extracts
        on waves.planned_extract_date >= extracts.extract_date
    qualify row_number() over (partition by waves.wave order by extracts.extract_date desc nulls last) = 1
)

select * from final
