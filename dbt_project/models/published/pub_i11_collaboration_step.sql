{% set steps = [
    'knowledge_sharing', 'negative_coordination', 'positive_coordination', 'joint_innovation', 'dont_know'
] -%}
with answers as (
    select
        wave,
        municipality_code,
        answer,
        break_note_id,
        'dont_know_counts' as notes
    from {{ ref('int_survey__answers_long') }}
    where field = 'collaboration_step' and is_answered
),

{{ answer_members(steps) }},

cells as (
    {{ share_cells('members') }}
),

final as (
    {{ published_cells('I11', 'cells') }}
)

select * from final
