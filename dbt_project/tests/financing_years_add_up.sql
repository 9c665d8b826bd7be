-- The years of a grant are the grant again, to the øre and to the hundredth of an hour, and so are its days.
with spread as (
    select
        case_number,
        financing_source,
        extract_date,
        sum(amount_kr) as amount_kr,
        sum(staff_hours) as staff_hours,
        sum(grant_days) as grant_days
    from {{ ref('fct_plan_financing_year') }}
    group by case_number, financing_source, extract_date
)

select
    spread.*,
    lines.amount_kr as granted_kr,
    lines.staff_hours as granted_hours
from spread
inner join {{ ref('stg_driftsstoette__lines') }} as lines
    on
        spread.case_number = lines.case_number
        and spread.financing_source = lines.financing_source
        and spread.extract_date = lines.extract_date
where
    spread.amount_kr <> lines.amount_kr
    or spread.staff_hours is distinct from lines.staff_hours
    or spread.grant_days <> {{ days_between('lines.grant_start', 'lines.grant_end') }} + 1
