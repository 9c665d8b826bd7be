-- A municipality has a size where it has an active plan; the plans of the others are of unknown size.
with plans as (
    select
        plans.*,
        municipalities.region,
        municipalities.municipality_type,
        coalesce(sizes.size_class, 'unknown') as size_class,
        -- zeros in front get lost on the way; a name is spelled in many ways
        coalesce(
            nullif(trim(leading '0' from trim(plans.lbf_number)), ''), lower(trim(plans.housing_organisation))
        ) as organisation_key
    from {{ ref('int_driftsstoette__plans') }} as plans
    inner join {{ ref('municipalities') }} as municipalities
        on plans.municipality_code = municipalities.municipality_code
    left join {{ ref('int_driftsstoette__municipalities') }} as sizes
        on
            plans.extract_date = sizes.extract_date
            and plans.municipality_code = sizes.municipality_code
),

final as (
    {%- for breakdown, column in {
        'all': "'all'", 'grant_pool': 'grant_pool', 'region': 'region', 'size': 'size_class',
        'municipality_type': 'municipality_type', 'municipality': 'municipality_code',
    }.items() %}
    select
        extract_date,
        case_number,
        '{{ breakdown }}' as breakdown,
        {{ column }} as breakdown_value,
        municipality_code,
        organisation_key,
        is_active,
        is_local_share_at_floor,
        staff_kr,
        staff_hours,
        staff_hour_finding,
        delivery_id,
        is_synthetic
    from plans
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
)

select * from final
