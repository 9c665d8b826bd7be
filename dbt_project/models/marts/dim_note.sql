-- Breaks come first: what they say decides whether two figures may be compared at all.
with breaks as (
    select distinct
        note_id,
        text_da,
        text_en
    from {{ ref('int_survey__breaks') }}
),

notes as (
    select
        note_id,
        text_da,
        text_en,
        true as is_series_break,
        row_number() over (order by note_id) as place
    from breaks
    union all
    select distinct
        note_id,
        text_da,
        text_en,
        false as is_series_break,
        0 as place
    from {{ ref('int_change__bridges') }}
    union all
    select
        note_id,
        text_da,
        text_en,
        false as is_series_break,
        position as place
    from {{ ref('notes') }}
),

final as (
    select
        note_id,
        text_da,
        text_en,
        is_series_break,
        cast(row_number() over (order by is_series_break desc, place asc) as integer) as sort_order
    from notes
)

select * from final
