with {{ multiple_choice_members(
    'cofinancing',
    "replace(choices.field, 'cofinancing_', '')",
    "case when choices.field <> 'cofinancing_staff' then 'cofinancing_labels_assumed' end",
) }},

cells as (
    {{ share_cells('members') }}
),

final as (
    {{ published_cells('I06', 'cells') }}
)

select * from final
