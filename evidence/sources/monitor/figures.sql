-- What the figure of an indicator is called.
-- Evidence cannot ship an empty table, so there is always a row of no indicator.
select
    indicator_id,
    title_da,
    title_en,
    unit_da
from site_figures
union all
select
    '-' as indicator_id,
    '' as title_da,
    '' as title_en,
    '' as unit_da
order by indicator_id
