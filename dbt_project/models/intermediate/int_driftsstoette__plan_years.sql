-- Calendar years with a running grant, up to the extract. Prequalified plans have none yet.
with plan_years as (
    select
        extract_date,
        municipality_code,
        {{ each_of(whole_numbers('year(grant_start)', 'year(least(grant_end, extract_date))')) }} as plan_year
    from {{ ref('int_driftsstoette__plans') }}
    where status <> 'prequalified' and grant_start <= extract_date
),

final as (
    select
        extract_date,
        municipality_code,
        count(distinct plan_year) as years_with_plans
    from plan_years
    group by extract_date, municipality_code
)

select * from final
