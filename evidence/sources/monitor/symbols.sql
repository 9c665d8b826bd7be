-- The signs of the tables.
select
    place,
    sign,
    meaning_da,
    meaning_en
from site_symbols
order by place
