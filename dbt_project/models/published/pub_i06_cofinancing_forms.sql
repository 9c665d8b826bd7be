with {{ question_members('I06') }},

cells as (
    {{ share_cells('members') }}
),

final as (
    {{ published_cells('I06', 'cells') }}
)

select * from final
