with categories as (
    {{ question_categories() }}
),

final as (
    select
        pairs.period,
        bridges.field,
        bridges.from_field,
        bridges.rule,
        concat_ws('_', 'bridge', bridges.wave_before, bridges.wave_after, bridges.field) as note_id,
        bridges.text_da,
        bridges.text_en,
        categories.indicator_id,
        categories.measure,
        questions.question,
        categories.category,
        categories.answers,
        concat_ws('|', questions.note_ids, categories.note_ids) as note_ids
    from {{ ref('survey_bridges') }} as bridges
    inner join {{ ref('int_change__wave_pairs') }} as pairs
        on bridges.wave_before = pairs.wave_before and bridges.wave_after = pairs.wave_after
    inner join categories
        on bridges.field = categories.field
    inner join {{ ref('indicator_questions') }} as questions
        on categories.indicator_id = questions.indicator_id and categories.measure = questions.measure
)

select * from final
