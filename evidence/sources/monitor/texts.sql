-- Sentences that hold for the whole release.
select
    text_id,
    text_da,
    text_en
from site_texts
