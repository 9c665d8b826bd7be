-- Two kinds of period: an extract, with what its active plans are granted in all, and a calendar year,
-- with the part of every grant that falls in it.
with lines as (
    select
        'extract' as period_kind,
        cast(extract_date as string) as period,
        extract_date,
        case_number,
        financing_source,
        is_local,
        amount_kr,
        delivery_id,
        is_synthetic
    from {{ ref('stg_driftsstoette__lines') }}
    where is_active
    union all
    select
        'year' as period_kind,
        cast(calendar_year as string) as period,
        extract_date,
        case_number,
        financing_source,
        is_local,
        amount_kr,
        delivery_id,
        is_synthetic
    from {{ ref('int_driftsstoette__financing_years') }}
),

-- Each line counts under its source and under the sums it is a part of.
categories as (
    select
        *,
        financing_source as category
    from lines
    union all
    select
        *,
        'local' as category
    from lines
    where is_local
    union all
    select
        *,
        'all' as category
    from lines
),

-- Of a single municipality the kroner of the fund, of everyone else and of both are published: a table of
-- all sources for each is for the marts. Its grants by calendar year are not published at all.
final as (
    select
        categories.period_kind,
        categories.period,
        plan_groups.breakdown,
        plan_groups.breakdown_value,
        categories.category,
        categories.case_number,
        categories.financing_source,
        plan_groups.municipality_code,
        plan_groups.organisation_key,
        categories.amount_kr,
        categories.delivery_id,
        categories.is_synthetic
    from categories
    inner join {{ ref('int_driftsstoette__plan_groups') }} as plan_groups
        on
            categories.extract_date = plan_groups.extract_date
            and categories.case_number = plan_groups.case_number
    where
        plan_groups.breakdown <> 'municipality'
        or (categories.period_kind = 'extract' and categories.category in ('lbf', 'local', 'all'))
)

select * from final
