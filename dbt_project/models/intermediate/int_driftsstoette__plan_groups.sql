with active_plans as (
    select
        plans.*,
        municipalities.region,
        sizes.size_class
    from {{ ref('int_driftsstoette__plans') }} as plans
    inner join {{ ref('int_driftsstoette__municipalities') }} as sizes
        on
            plans.extract_date = sizes.extract_date
            and plans.municipality_code = sizes.municipality_code
    inner join {{ ref('municipalities') }} as municipalities
        on plans.municipality_code = municipalities.municipality_code
    where plans.is_active
),

final as (
    {%- for breakdown, column in {
        'all': "'all'", 'grant_pool': 'grant_pool', 'region': 'region', 'size': 'size_class'
    }.items() %}
    select
        extract_date,
        case_number,
        '{{ breakdown }}' as breakdown,
        {{ column }} as breakdown_value,
        total_kr,
        is_local_share_at_floor,
        staff_hours,
        delivery_id,
        is_synthetic
    from active_plans
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
)

select * from final
