with profiles as (
    select
        *,
        case when is_extract_fallback then '|size_fallback_extract' else '' end as extract_note
    from {{ ref('int_municipality__profiles') }}
),

{# measure (also the column), unit, deliveries and whether they are synthetic, notes -#}
{% set extract = ('extract_delivery_ids', 'is_extract_synthetic') -%}
{% set meeting = ('meeting_delivery_ids', 'is_meeting_synthetic') -%}
{% set register = (list_of(), 'false') -%}
{% set measures = [
    ('inhabitants', 'persons', register, "'population_statistics_denmark'"),
    ('housing_organisations', 'count', meeting, "'housing_organisations_known'"),
    ('plans', 'count', extract, "'active_plans' || extract_note"),
    ('years_with_plans', 'years', extract, "'years_with_plans' || extract_note"),
    ('residents', 'persons', extract, "'active_plans' || extract_note"),
    ('listed_areas', 'count', register,
        "case when listed_areas is null then 'listed_areas_not_available' else '' end"),
    ('plan_areas', 'count', register, "'plan_areas_not_delivered'"),
] -%}
cells as (
    {%- for measure, unit, origin, note in measures %}
    {%- set value = 'null' if measure == 'plan_areas' else measure %}
    select
        wave as period,
        'municipality' as breakdown,
        municipality_code as breakdown_value,
        'all' as category,
        '{{ measure }}' as measure,
        '{{ unit }}' as unit,
        cast({{ value }} as double) as numerator,
        cast(null as double) as base,
        cast({{ value }} as double) as value,
        case when {{ value }} is null then 'M' else 'A' end as obs_status,
        {{ note }} as note_ids,
        coalesce({{ origin[1] }}, false) as is_synthetic,
        coalesce({{ origin[0] }}, {{ list_of() }}) as delivery_ids
    from profiles
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

final as (
    {{ published_cells('I14', 'cells') }}
)

select * from final
