-- The grant's kroner and hours spread evenly over its days. A year's part is what is due by its end less
-- what was due by the end of the year before, each rounded, so that the years add up to the øre.
with newest as (
    select
        case_number,
        max(extract_date) as extract_date
    from {{ ref('stg_driftsstoette__lines') }}
    group by case_number
),

granted as (
    select lines.*
    from {{ ref('stg_driftsstoette__lines') }} as lines
    inner join newest
        on lines.case_number = newest.case_number and lines.extract_date = newest.extract_date
    where lines.status <> 'prequalified'
),

years as (
    select
        *,
        {{ days_between('grant_start', 'grant_end') }} + 1 as length_days,
        {{ each_of(whole_numbers('year(grant_start)', 'year(grant_end)')) }} as calendar_year
    from granted
),

elapsed as (
    select
        *,
        {{ days_between('grant_start', 'least(grant_end, make_date(calendar_year, 12, 31))') }} + 1
            as days_by_end,
        greatest(0, {{ days_between('grant_start', 'make_date(calendar_year, 1, 1)') }}) as days_before
    from years
),

final as (
    select
        case_number,
        financing_source,
        cast(calendar_year as integer) as calendar_year,
        is_local,
        municipality_code,
        grant_pool,
        status,
        extract_date,
        cast(days_by_end - days_before as integer) as grant_days,
        {%- for column in ['amount_kr', 'staff_hours'] %}
        cast(
            {{ to_hundredths(column ~ ' * days_by_end', 'length_days') }}
            - {{ to_hundredths(column ~ ' * days_before', 'length_days') }}
            as decimal(18, 2)
        ) as {{ column }},
        {%- endfor %}
        is_synthetic,
        delivery_id,
        row_number
    from elapsed
)

select * from final
