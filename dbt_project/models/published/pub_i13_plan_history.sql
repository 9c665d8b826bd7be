with cells as (
    {%- for measure, unit in {
        'plans_started': 'count',
        'plans_continued': 'count',
        'plans_ended': 'count',
        'plans_running': 'count',
        'years_with_plans': 'years',
    }.items() %}
    select
        cast(plan_year as string) as period,
        breakdown,
        breakdown_value,
        'all' as category,
        '{{ measure }}' as measure,
        '{{ unit }}' as unit,
        {{ measure }} as numerator,
        cast(null as bigint) as base,
        {{ measure }} as value,
        case when is_provisional then 'P' else 'A' end as obs_status,
        case when is_provisional then 'plan_history|provisional' else 'plan_history' end as note_ids,
        is_synthetic,
        delivery_ids
    from {{ ref('int_driftsstoette__plan_history') }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

final as (
    {{ published_cells('I13', 'cells') }}
)

select * from final
