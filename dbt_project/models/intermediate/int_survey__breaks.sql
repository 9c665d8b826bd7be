-- Fields of one wave that break for the same reason share a note.
with breaks as (
    select
        wave,
        field,
        concat_ws('_', 'break', wave, min(field) over (partition by wave, note_da, note_en)) as note_id,
        note_da,
        note_en
    from {{ ref('stg_survey__codebook') }}
    where is_series_break
),

final as (
    select
        wave,
        field,
        note_id,
        'Databrud ' || wave || ': ' || note_da as text_da,
        'Break in series ' || wave || ': ' || note_en as text_en
    from breaks
)

select * from final
