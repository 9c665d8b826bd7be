select
    wave,
    field,
    {{ joined_distinct('variable') }} as variables,
    coalesce(bool_or(asked), false) as is_asked,
    coalesce(bool_or(series_break), false) as is_series_break,
    max(note_da) as note_da,
    max(note_en) as note_en
from {{ source('raw', 'survey_codebook') }}
group by wave, field
