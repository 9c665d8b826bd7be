with profiles as (
    select
        profiles.*,
        municipalities.region,
        municipalities.municipality_type
    from {{ ref('int_municipality__profiles') }} as profiles
    inner join {{ ref('municipalities') }} as municipalities
        on profiles.municipality_code = municipalities.municipality_code
),

grouped as (
    {%- for breakdown, column in {
        'all': "'all'", 'region': 'region', 'municipality_type': 'municipality_type'
    }.items() %}
    select
        wave as period,
        '{{ breakdown }}' as breakdown,
        {{ column }} as breakdown_value,
        count_if(plans > 0) as with_plans,
        count(*) as municipalities,
        sum(plans) as plans,
        sum(homes) as homes,
        sum(residents) as residents,
        max(case when is_extract_fallback then 'active_plans|size_fallback_extract' else 'active_plans' end)
            as note_ids,
        bool_or(is_extract_synthetic) as is_synthetic,
        {{ merged_deliveries('extract_delivery_ids') }} as delivery_ids
    from profiles
    group by period, breakdown_value
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

cells as (
    {#- plans, homes and residents are no part of the municipalities, so they have no base #}
    {%- for measure, unit, numerator, value, base in [
        ('municipalities', 'count', 'with_plans', 'with_plans', 'municipalities'),
        ('share_pct', 'pct', 'with_plans', '100 * with_plans / municipalities', 'municipalities'),
        ('plans', 'count', 'plans', 'plans', 'null'),
        ('homes', 'count', 'homes', 'homes', 'null'),
        ('residents', 'persons', 'residents', 'residents', 'null'),
        ('plan_areas', 'count', 'null', 'null', 'null'),
    ] %}
    select
        period,
        breakdown,
        breakdown_value,
        'all' as category,
        '{{ measure }}' as measure,
        '{{ unit }}' as unit,
        cast({{ numerator }} as double) as numerator,
        {{ base }} as base,
        cast({{ value }} as double) as value,
        '{{ 'M' if value == 'null' else 'A' }}' as obs_status,
        {{ "note_ids || '|plan_areas_not_delivered' as note_ids" if value == 'null' else 'note_ids' }},
        is_synthetic,
        delivery_ids
    from grouped
    {%- if value == 'null' %}
    where breakdown = 'all'
    {%- endif %}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

final as (
    {{ published_cells('I01', 'cells') }}
)

select * from final
