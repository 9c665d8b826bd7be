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
        category,
        '{{ kind }}' as contributor_kind,
        {{ contributor }} as contributor,
        sum(amount_kr) as amount_kr
    from {{ ref('int_driftsstoette__group_lines') }}
    group by period, breakdown, breakdown_value, category, contributor
    having sum(amount_kr) > 0
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

kinds (contributor_kind) as (
    values
    {%- for kind in contributors %}
    ('{{ kind }}'){{ ',' if not loop.last }}
    {%- endfor %}
),

final as (
    select
        cells.cell_id,
        kinds.contributor_kind,
        count(contributions.contributor) as contributors,
        coalesce(max(contributions.amount_kr), 0) as largest_kr,
        coalesce({{ second_largest('contributions.amount_kr') }}, 0) as second_largest_kr,
        cells.total_kr
    from cells
    cross join kinds
    left join contributions
        using (period, breakdown, breakdown_value, category, contributor_kind)
    group by cells.cell_id, kinds.contributor_kind, cells.total_kr
)

select * from final
