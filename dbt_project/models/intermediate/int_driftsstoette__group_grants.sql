-- Two kinds of period: an extract, with what its active plans are granted in all, and a calendar year,
-- with the part of every grant that falls in it. A column for each category, not a row: a plan is in six
-- groups and counts under some four categories, and every extract ever delivered is in here.
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

grants as (
    select
        period_kind,
        period,
        extract_date,
        case_number,
        {%- for category, condition in financing_categories().items() %}
        sum(amount_kr) filter (where {{ condition }}) as {{ category }}_kr,
        {%- endfor %}
        max(delivery_id) as delivery_id,
        bool_or(is_synthetic) as is_synthetic
    from lines
    group by period_kind, period, extract_date, case_number
),

-- A single municipality's grants by calendar year are not published at all.
final as (
    select
        grants.period_kind,
        grants.period,
        plan_groups.breakdown,
        plan_groups.breakdown_value,
        grants.case_number,
        plan_groups.municipality_code,
        plan_groups.organisation_key,
        {%- for category in financing_categories() %}
        grants.{{ category }}_kr,
        {%- endfor %}
        grants.delivery_id,
        grants.is_synthetic
    from grants
    inner join {{ ref('int_driftsstoette__plan_groups') }} as plan_groups
        on
            grants.extract_date = plan_groups.extract_date
            and grants.case_number = plan_groups.case_number
    where grants.period_kind = 'extract' or plan_groups.breakdown <> 'municipality'
)

select * from final
