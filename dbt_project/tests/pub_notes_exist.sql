-- Every note a published cell points at has a text, be it of the seed or of a break in series.
with used as (
    select distinct {{ each_of(items_of('note_ids')) }} as note_id
    from {{ ref('pub_indicator_cells') }}
    where note_ids <> ''
)

select used.note_id
from used
anti join {{ ref('dim_note') }} as notes
    on used.note_id = notes.note_id
