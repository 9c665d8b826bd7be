with fields as (
    select
        *,
        bool_or(is_answered) over (partition by wave, municipality_code) as is_question_answered
    from {{ ref('int_survey__answers_long') }}
    where question = 'cofinancing'
),

members as (
    select
        groups.wave as period,
        groups.breakdown,
        groups.breakdown_value,
        replace(fields.field, 'cofinancing_', '') as category,
        coalesce(fields.answer = 'true', false) as is_member,
        {{ break_status('fields.break_note_id') }} as obs_status,
        concat_ws(
            '|',
            'multiple_choice',
            case when fields.field <> 'cofinancing_staff' then 'cofinancing_labels_assumed' end,
            fields.break_note_id,
            nullif(groups.group_notes, '')
        ) as note_ids,
        groups.is_synthetic,
        groups.delivery_ids
    from {{ ref('int_survey__groups') }} as groups
    inner join fields
        on groups.wave = fields.wave and groups.municipality_code = fields.municipality_code
    where fields.is_question_answered
),

cells as (
    {{ share_cells('members') }}
),

final as (
    {{ published_cells('I06', 'cells') }}
)

select * from final
