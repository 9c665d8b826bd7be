with old_codes as (
    select
        municipality_code,
        {{ joined_distinct('old_municipality_code') }} as old_municipality_codes
    from {{ ref('municipality_crosswalk_2007') }}
    group by municipality_code
),

final as (
    select
        municipalities.municipality_code,
        municipalities.municipality_name,
        municipalities.region,
        municipalities.municipality_type,
        cast(municipalities.area_km2 as double) as area_km2,
        cast(municipalities.population_2026 as bigint) as population_2026,
        old_codes.old_municipality_codes
    from {{ ref('municipalities') }} as municipalities
    left join old_codes
        on municipalities.municipality_code = old_codes.municipality_code
)

select * from final
