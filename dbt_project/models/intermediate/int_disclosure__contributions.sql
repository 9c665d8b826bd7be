-- Who pays is not who contributes: the kroner of a plan are counted as the contribution of the municipality
-- it is in and of the housing organisation that holds its grant.
{% set contributors = {
    'municipality': 'municipality_code',
    'housing_organisation': 'organisation_key',
} -%}
with cells as (
    select
        cell_id,
        period,
        breakdown,
        breakdown_value,
        category,
        cast(numerator as decimal(18, 2)) as total_kr
    from {{ ref('pub_i07_cofinancing_mix') }}
    where measure in ('amount_kr', 'year_amount_kr') and breakdown <> 'municipality'
),

contributions as (
    {%- for kind, contributor in contributors.items() %}
    select
        period,
        breakdown,
        breakdown_value,
        {%- for category in financing_categories() %}
        sum({{ category }}_kr) as {{ category }}_kr,
        {%- endfor %}
        '{{ kind }}' as contributor_kind,
        {{ contributor }} as contributor
    from {{ ref('int_driftsstoette__group_grants') }}
    where breakdown <> 'municipality'
    group by period, breakdown, breakdown_value, contributor
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

-- Who gives nothing is no contributor.
largest as (
    select
        period,
        breakdown,
        breakdown_value,
        {%- for category in financing_categories() %}
        count(*) filter (where {{ category }}_kr > 0) as {{ category }}_contributors,
        max({{ category }}_kr) as {{ category }}_largest,
        {{ second_largest(category ~ '_kr') }} as {{ category }}_second_largest,
        {%- endfor %}
        contributor_kind
    from contributions
    group by period, breakdown, breakdown_value, contributor_kind
),

final as (
    select
        cells.cell_id,
        largest.contributor_kind,
        {{ of_category('largest.', '_contributors') }} as contributors,
        coalesce({{ of_category('largest.', '_largest') }}, 0) as largest_kr,
        coalesce({{ of_category('largest.', '_second_largest') }}, 0) as second_largest_kr,
        cells.total_kr
    from cells
    inner join largest
        using (period, breakdown, breakdown_value)
)

select * from final
