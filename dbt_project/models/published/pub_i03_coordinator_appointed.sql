with answers as (
    select
        wave,
        municipality_code,
        case when answer in ('yes_one', 'yes_several') then 'yes' else answer end as answer,
        break_note_id,
        'dont_know_counts' as notes
    from {{ ref('int_survey__answers_long') }}
    where field = 'coordinator_appointed' and is_answered
),

{{ answer_members(['yes', 'no', 'dont_know']) }},

cells as (
    {{ share_cells('members') }}
),

final as (
    {{ published_cells('I03', 'cells') }}
)

select * from final
