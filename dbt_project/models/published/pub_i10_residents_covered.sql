-- Residents of areas with an active plan, against all inhabitants of the extract's year.
with residents as (
    select
        extracts.extract_date,
        municipalities.municipality_code,
        municipalities.region,
        population.population as inhabitants,
        coalesce(plans.residents, 0) as residents,
        extracts.is_synthetic,
        extracts.delivery_ids
    from {{ ref('int_driftsstoette__extracts') }} as extracts
    cross join {{ ref('municipalities') }} as municipalities
    left join {{ ref('municipality_population') }} as population
        on
            municipalities.municipality_code = population.municipality_code
            and year(extracts.extract_date) = population.year
    left join {{ ref('int_driftsstoette__municipalities') }} as plans
        on
            extracts.extract_date = plans.extract_date
            and municipalities.municipality_code = plans.municipality_code
),

grouped as (
    {%- for breakdown, column in {
        'all': "'all'", 'region': 'region', 'municipality': 'municipality_code'
    }.items() %}
    select
        cast(extract_date as string) as period,
        '{{ breakdown }}' as breakdown,
        {{ column }} as breakdown_value,
        sum(residents) as residents,
        -- with one municipality's figure missing the group has none
        case when count(inhabitants) = count(*) then sum(inhabitants) end as inhabitants,
        bool_or(is_synthetic) as is_synthetic,
        {{ merged_deliveries('delivery_ids') }} as delivery_ids
    from residents
    group by period, breakdown_value
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

cells as (
    {%- for measure, unit, value in [
        ('residents', 'persons', 'residents'),
        ('share_pct', 'pct', '100 * residents / inhabitants'),
    ] %}
    select
        period,
        breakdown,
        breakdown_value,
        'all' as category,
        '{{ measure }}' as measure,
        '{{ unit }}' as unit,
        residents as numerator,
        inhabitants as base,
        {{ value }} as value,
        case when {{ value }} is null then 'M' else 'A' end as obs_status,
        'active_plans|residents_of_areas|population_statistics_denmark' as note_ids,
        is_synthetic,
        delivery_ids
    from grouped
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

final as (
    {{ published_cells('I10', 'cells') }}
)

select * from final
