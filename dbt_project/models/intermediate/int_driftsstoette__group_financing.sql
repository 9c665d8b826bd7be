with groups as (
    select
        period_kind,
        period,
        breakdown,
        breakdown_value,
        count(*) as plans,
        {%- for category in financing_categories() %}
        sum({{ category }}_kr) as {{ category }}_kr,
        {%- endfor %}
        bool_or(is_synthetic) as is_synthetic,
        {{ deliveries_of('delivery_id') }} as delivery_ids
    from {{ ref('int_driftsstoette__group_grants') }}
    group by period_kind, period, breakdown, breakdown_value
),

categories (category) as (
    values
    {{- financing_category_rows() }}
),

newest as (
    select max(extract_date) as extract_date from {{ ref('int_driftsstoette__extracts') }}
),

-- A source nobody uses has zero kroner in the group: a row, not a gap. Of a single municipality the kroner
-- of the fund, of everyone else and of both are published: a table of all sources for each is for the marts.
final as (
    select
        groups.period_kind,
        groups.period,
        groups.breakdown,
        groups.breakdown_value,
        groups.plans,
        groups.is_synthetic,
        groups.delivery_ids,
        categories.category,
        coalesce({{ of_category('groups.', '_kr') }}, 0) as amount_kr,
        groups.all_kr as total_kr,
        -- the newest extract may tell of a part of the year only, and of grants to come
        groups.period_kind = 'year'
        and make_date(cast(left(groups.period, 4) as integer), 12, 31) > newest.extract_date as is_provisional
    from groups
    cross join categories
    cross join newest
    where groups.breakdown <> 'municipality' or categories.category in ('lbf', 'local', 'all')
)

select * from final
