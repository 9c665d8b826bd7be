with {{ question_members('I04') }},

cells as (
    {{ share_cells('members') }}
),

final as (
    {{ published_cells('I04', 'cells') }}
)

select * from final
