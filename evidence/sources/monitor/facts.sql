-- What an indicator's page says of method and quality, in the words of the static page.
select
    indicator_id,
    place,
    heading_da,
    text_da
from site_facts
order by indicator_id, place
