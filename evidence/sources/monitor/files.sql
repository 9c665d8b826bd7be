-- The published files and the static page of each indicator; an empty id is the whole release.
-- Evidence cannot ship an empty table, so there is always a row of no indicator.
select
    indicator_id,
    place,
    words_da,
    address
from site_files
union all
select
    '-' as indicator_id,
    0 as place,
    '' as words_da,
    '' as address
order by indicator_id, place
