with plan_groups as (
    select
        extract_date,
        breakdown,
        breakdown_value,
        count(*) as plans,
        count_if(is_local_share_at_floor) as plans_at_floor,
        sum(total_kr) as total_kr,
        sum(staff_hours) as staff_hours,
        bool_or(is_synthetic) as is_synthetic,
        {{ deliveries_of('delivery_id') }} as delivery_ids
    from {{ ref('int_driftsstoette__plan_groups') }}
    group by extract_date, breakdown, breakdown_value
),

financing as (
    select
        plan_groups.*,
        amounts.financing_source,
        amounts.amount_kr
    from plan_groups
    inner join {{ ref('int_driftsstoette__group_financing') }} as amounts
        using (extract_date, breakdown, breakdown_value)
),

{# category, measure, unit, numerator, base, value, from, where, note -#}
{% set measures = [
    ('financing_source', 'amount_kr', 'kr', 'amount_kr', 'plans', 'amount_kr', 'financing', 'true', ''),
    ('financing_source', 'share_pct', 'pct', 'amount_kr', 'total_kr', '100.0 * amount_kr / nullif(total_kr, 0)',
        'financing', "financing_source <> 'all'", ''),
    ("'all'", 'plans', 'count', 'plans', 'plans', 'plans', 'plan_groups', 'true', ''),
    ("'all'", 'plans_local_25_pct', 'pct', 'plans_at_floor', 'plans', '100.0 * plans_at_floor / plans',
        'plan_groups', 'true', '|local_share_floor'),
    ("'municipality_staff'", 'staff_hours', 'hours', 'staff_hours', 'plans', 'staff_hours',
        'plan_groups', 'true', ''),
] -%}
cells as (
    {%- for category, measure, unit, numerator, base, value, relation, condition, note in measures %}
    select
        cast(extract_date as varchar) as period,
        breakdown,
        breakdown_value,
        {{ category }} as category,
        '{{ measure }}' as measure,
        '{{ unit }}' as unit,
        cast({{ numerator }} as double) as numerator,
        cast({{ base }} as double) as base,
        cast({{ value }} as double) as value,
        case when {{ value }} is null then 'M' else 'A' end as obs_status,
        'active_plans{{ note }}' as note_ids,
        is_synthetic,
        delivery_ids
    from {{ relation }}
    where {{ condition }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

final as (
    {{ published_cells('I07', 'cells') }}
)

select * from final
