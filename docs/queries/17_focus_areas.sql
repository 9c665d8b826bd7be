-- What are the active plans about?
-- One row per extract and focus area; a plan may have several.
with themes as (
    select
        extract_date,
        case_number,
        unnest(focus_areas) as focus_area
    from marts.fct_plan_snapshot
    where is_active
)

select
    extract_date,
    focus_area,
    count(*) as plans
from themes
group by extract_date, focus_area
order by extract_date asc, plans desc
