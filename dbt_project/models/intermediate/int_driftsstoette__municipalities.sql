with active_plans as (
    select * from {{ ref('int_driftsstoette__plans') }}
    where is_active
),

final as (
    select
        extract_date,
        municipality_code,
        count(*) as plans,
        sum(homes) as homes,
        sum(residents) as residents,
        {{ size_class('sum(residents)') }} as size_class
    from active_plans
    group by extract_date, municipality_code
)

select * from final
