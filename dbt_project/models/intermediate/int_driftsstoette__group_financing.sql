with plan_groups as (
    select * from {{ ref('int_driftsstoette__plan_groups') }}
),

financing as (
    select
        plan_groups.extract_date,
        plan_groups.breakdown,
        plan_groups.breakdown_value,
        lines.financing_source,
        lines.is_local,
        lines.amount_kr
    from plan_groups
    inner join {{ ref('stg_driftsstoette__lines') }} as lines
        on
            plan_groups.extract_date = lines.extract_date
            and plan_groups.case_number = lines.case_number
),

parts as (
    select * exclude (is_local) from financing
    union all
    select * exclude (is_local) replace ('local' as financing_source)
    from financing
    where is_local
    union all
    select * exclude (is_local) replace ('all' as financing_source)
    from financing
),

parts_wanted as (
    select unnest([
        'lbf', 'municipality_cash', 'municipality_staff', 'municipality_premises',
        'municipality_other', 'housing_organisation', 'other', 'local', 'all'
    ]) as financing_source
),

groups as (
    select distinct
        extract_date,
        breakdown,
        breakdown_value
    from plan_groups
),

-- A source nobody uses has zero kroner in the group: a row, not a gap.
final as (
    select
        groups.extract_date,
        groups.breakdown,
        groups.breakdown_value,
        parts_wanted.financing_source,
        coalesce(sum(parts.amount_kr), 0) as amount_kr
    from groups
    cross join parts_wanted
    left join parts using (extract_date, breakdown, breakdown_value, financing_source)
    group by all
)

select * from final
