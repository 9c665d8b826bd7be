with {{ question_members('I11') }},

cells as (
    {{ share_cells('members') }}
),

final as (
    {{ published_cells('I11', 'cells') }}
)

select * from final
