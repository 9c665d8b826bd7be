with group_lines as (
    select * from {{ ref('int_driftsstoette__group_lines') }}
),

groups as (
    select
        period_kind,
        period,
        breakdown,
        breakdown_value,
        count(distinct case_number) as plans,
        bool_or(is_synthetic) as is_synthetic,
        {{ deliveries_of('delivery_id') }} as delivery_ids
    from group_lines
    group by period_kind, period, breakdown, breakdown_value
),

categories (category) as (
    values
    ('lbf'), ('municipality_cash'), ('municipality_staff'), ('municipality_premises'),
    ('municipality_other'), ('housing_organisation'), ('other'), ('local'), ('all')
),

amounts as (
    select
        period_kind,
        period,
        breakdown,
        breakdown_value,
        category,
        sum(amount_kr) as amount_kr
    from group_lines
    group by period_kind, period, breakdown, breakdown_value, category
),

newest as (
    select max(extract_date) as extract_date from {{ ref('int_driftsstoette__extracts') }}
),

-- A source nobody uses has zero kroner in the group: a row, not a gap.
final as (
    select
        groups.*,
        categories.category,
        coalesce(amounts.amount_kr, 0) as amount_kr,
        sum(case when categories.category = 'all' then amounts.amount_kr end) over (
            partition by groups.period_kind, groups.period, groups.breakdown, groups.breakdown_value
        ) as total_kr,
        -- the newest extract may tell of a part of the year only, and of grants to come
        groups.period_kind = 'year'
        and make_date(cast(left(groups.period, 4) as integer), 12, 31) > newest.extract_date as is_provisional
    from groups
    cross join categories
    cross join newest
    left join amounts
        using (period_kind, period, breakdown, breakdown_value, category)
    where groups.breakdown <> 'municipality' or categories.category in ('lbf', 'local', 'all')
)

select * from final
