-- A wave without an extract of its year has no profile: last year's plans are not this year's.
with wave_extracts as (
    select * from {{ ref('int_waves__size_extracts') }}
    where cast(year(extract_date) as string) = wave
),

organisations as (
    select
        cast(meeting_year as string) as wave,
        municipality_code,
        count(distinct lower(trim(housing_organisation))) as housing_organisations,
        {{ merged_deliveries('delivery_ids') }} as delivery_ids,
        bool_or(is_synthetic) as is_synthetic
    from {{ ref('int_styringsdialog__meeting_topics') }}
    group by meeting_year, municipality_code
),

listed_areas as (
    select
        cast(year(list_date) as string) as wave,
        municipality_code,
        count(distinct area_name) as listed_areas
    from {{ ref('listed_areas') }}
    group by wave, municipality_code
),

final as (
    select
        waves.wave,
        municipalities.municipality_code,
        population.population as inhabitants,
        organisations.housing_organisations,
        coalesce(plans.plans, 0) as plans,
        coalesce(years.years_with_plans, 0) as years_with_plans,
        coalesce(plans.homes, 0) as homes,
        coalesce(plans.residents, 0) as residents,
        case
            when waves.wave in (select listed.wave from listed_areas as listed)
                then coalesce(areas.listed_areas, 0)
        end as listed_areas,
        waves.is_fallback as is_extract_fallback,
        waves.delivery_ids as extract_delivery_ids,
        waves.is_synthetic as is_extract_synthetic,
        organisations.delivery_ids as meeting_delivery_ids,
        organisations.is_synthetic as is_meeting_synthetic
    from wave_extracts as waves
    cross join {{ ref('municipalities') }} as municipalities
    left join {{ ref('municipality_population') }} as population
        on
            municipalities.municipality_code = population.municipality_code
            and waves.wave = cast(population.year as string)
    left join organisations
        on
            waves.wave = organisations.wave
            and municipalities.municipality_code = organisations.municipality_code
    left join {{ ref('int_driftsstoette__municipalities') }} as plans
        on
            waves.extract_date = plans.extract_date
            and municipalities.municipality_code = plans.municipality_code
    left join {{ ref('int_driftsstoette__plan_years') }} as years
        on
            waves.extract_date = years.extract_date
            and municipalities.municipality_code = years.municipality_code
    left join listed_areas as areas
        on waves.wave = areas.wave and municipalities.municipality_code = areas.municipality_code
)

select * from final
