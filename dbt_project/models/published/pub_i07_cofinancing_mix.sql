with financing as (
    select
        *,
        concat_ws('|', if(breakdown = 'size', 'year_size', null), if(is_provisional, 'provisional', null))
            as year_notes
    from {{ ref('int_driftsstoette__group_financing') }}
),

plan_groups as (
    select
        *,
        concat_ws(
            '|',
            case when plans_hours_unknown > 0 then 'staff_hours_unknown' end,
            case when plans_implausible > 0 then 'staff_hour_implausible' end
        ) as staff_notes
    from {{ ref('int_driftsstoette__group_plans') }}
),

{# category, measure, unit, numerator, base, value, from, where, notes -#}
{# the quotient first: of all it is 1 and not a hair more -#}
{% set share = '100 * (cast(amount_kr as double) / nullif(total_kr, 0))' -%}
{% set year = ("'prorated|' || year_notes", "period_kind = 'year'") -%}
{% set active = "'active_plans'" -%}
{% set floor = "'active_plans|local_share_floor'" -%}
{% set staff = "'active_plans|' || staff_notes" -%}
{% set measures = [
    ('category', 'amount_kr', 'kr', 'amount_kr', 'plans', 'amount_kr', 'financing', "period_kind = 'extract'", active),
    ('category', 'share_pct', 'pct', 'amount_kr', 'total_kr', share, 'financing',
        "period_kind = 'extract' and category <> 'all'", active),
    ('category', 'year_amount_kr', 'kr', 'amount_kr', 'plans', 'amount_kr', 'financing', year[1], year[0]),
    ('category', 'year_share_pct', 'pct', 'amount_kr', 'total_kr', share, 'financing',
        year[1] ~ " and category <> 'all'", year[0]),
    ("'all'", 'plans', 'count', 'plans', 'plans', 'plans', 'plan_groups', 'true', active),
    ("'all'", 'plans_local_25_pct', 'pct', 'plans_at_floor', 'plans', '100 * plans_at_floor / plans',
        'plan_groups', 'true', floor),
    ("'all'", 'plans_below_25_pct', 'pct', 'plans_below_floor', 'plans', '100 * plans_below_floor / plans',
        'plan_groups', 'true', floor),
    ("'municipality_staff'", 'staff_hours', 'hours', 'staff_hours', 'plans', 'staff_hours',
        'plan_groups', 'true', staff),
    ("'municipality_staff'", 'staff_hour_kr', 'kr', 'priced_kr', 'plans_priced',
        'cast(priced_kr as double) / nullif(priced_hours, 0)', 'plan_groups', 'true', staff),
    ("'municipality_staff'", 'plans_staff_hour_implausible', 'count', 'plans_implausible', 'plans_with_staff',
        'plans_implausible', 'plan_groups', 'true', staff),
] -%}
cells as (
    {%- for category, measure, unit, numerator, base, value, relation, condition, notes in measures %}
    select
        period,
        breakdown,
        breakdown_value,
        {{ category }} as category,
        '{{ measure }}' as measure,
        '{{ unit }}' as unit,
        cast({{ numerator }} as double) as numerator,
        cast({{ base }} as double) as base,
        cast({{ value }} as double) as value,
        case
            when {{ value }} is null then 'M'
            {{ "when is_provisional then 'P'" if relation == 'financing' }}
            else 'A'
        end as obs_status,
        trim(trailing '|' from {{ notes }}) as note_ids,
        is_synthetic,
        delivery_ids
    from {{ relation }}
    where {{ condition }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

final as (
    {{ published_cells('I07', 'cells') }}
)

select * from final
