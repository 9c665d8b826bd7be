with {{ question_members('I05') }},

bands as (
    {{ share_cells('members') }}
),

hours as (
    select
        groups.wave as period,
        groups.breakdown,
        groups.breakdown_value,
        {{ break_status('answers.break_note_id') }} as obs_status,
        concat_ws('|', 'skip_logic', answers.break_note_id, nullif(groups.group_notes, '')) as note_ids,
        count(*) as base,
        count(groups.residents_in_plan_areas) as base_with_residents,
        sum(answers.answer_number) / {{ var('hours_per_fte') }} as fte,
        sum(answers.answer_number) filter (where groups.residents_in_plan_areas is not null)
        / {{ var('hours_per_fte') }} as fte_with_residents,
        sum(groups.residents_in_plan_areas) as residents,
        {{ any_synthetic('groups.is_synthetic') }} as is_answer_synthetic,
        {{ any_synthetic('groups.is_synthetic or groups.is_size_synthetic') }} as is_rate_synthetic,
        {{ merged_deliveries('groups.delivery_ids') }} as answer_delivery_ids,
        {{ merged_deliveries('groups.delivery_ids || groups.size_delivery_ids') }} as rate_delivery_ids
    from {{ ref('int_survey__groups') }} as groups
    inner join {{ ref('int_survey__answers_long') }} as answers
        on groups.wave = answers.wave and groups.municipality_code = answers.municipality_code
    where answers.field = 'coordinator_hours_per_week' and answers.is_answered
    group by all
),

cells as (
    select * from bands
    {#- residents are of the extract, so that is behind the rate too #}
    {%- for measure, numerator, units, value, behind in [
        ('fte_mean', 'fte', 'base', 'fte / base', 'answer'),
        ('fte_total', 'fte', 'base', 'fte', 'answer'),
        ('fte_per_1000_residents', 'fte_with_residents', 'base_with_residents',
            '1000 * fte_with_residents / nullif(residents, 0)', 'rate'),
    ] %}
    {{ union_all_by_name() }}
    select
        period,
        breakdown,
        breakdown_value,
        'all' as category,
        '{{ measure }}' as measure,
        'fte' as unit,
        {{ numerator }} as numerator,
        {{ units }} as base,
        {{ value }} as value,
        case when {{ value }} is null then 'M' else obs_status end as obs_status,
        note_ids,
        is_{{ behind }}_synthetic as is_synthetic,
        {{ behind }}_delivery_ids as delivery_ids
    from hours
    {%- endfor %}
),

final as (
    {{ published_cells('I05', 'cells') }}
)

select * from final
