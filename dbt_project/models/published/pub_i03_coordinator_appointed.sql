with {{ question_members('I03') }},

cells as (
    {{ share_cells('members') }}
),

final as (
    {{ published_cells('I03', 'cells') }}
)

select * from final
