with waves as (
    select distinct wave from {{ ref('stg_survey__codebook') }}
),

fields (field, question, is_for_coordinators) as (
    values {{ survey_field_rows() }}
),

final as (
    select
        waves.wave,
        fields.field,
        fields.question,
        fields.is_for_coordinators,
        coalesce(codebook.is_asked, false) as is_asked,
        coalesce(codebook.is_series_break, false) as is_series_break,
        breaks.note_id as break_note_id,
        codebook.variables,
        codebook.note_da,
        codebook.note_en
    from waves
    cross join fields
    left join {{ ref('stg_survey__codebook') }} as codebook
        on waves.wave = codebook.wave and fields.field = codebook.field
    left join {{ ref('int_survey__breaks') }} as breaks
        on waves.wave = breaks.wave and fields.field = breaks.field
)

select * from final
