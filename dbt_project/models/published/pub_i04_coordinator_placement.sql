with answers as (
    select
        wave,
        municipality_code,
        answer,
        break_note_id,
        'dont_know_counts|skip_logic' as notes
    from {{ ref('int_survey__answers_long') }}
    where field = 'coordinator_unit' and is_answered
),

{{ answer_members(['neutral_unit', 'specialist_unit', 'dont_know']) }},

cells as (
    {{ share_cells('members') }}
),

final as (
    {{ published_cells('I04', 'cells') }}
)

select * from final
