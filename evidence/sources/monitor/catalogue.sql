-- The indicators of which cells are released.
select
    indicator_id,
    title_da,
    title_en,
    definition_da,
    definition_en,
    base_da,
    '/indikatorer/' || indicator_id as page_link,
    position as place
from indicator_catalogue
where indicator_id in (select released_cells.indicator_id from released_cells)
order by position
