-- A break stops a comparison with the wave before, unless a bridge says how to compare: by the question
-- itself ('as_asked'), or by another question, which is then read alike in both waves.
with sides as (
    {%- for wave in ['wave_before', 'wave_after'] %}
    select
        period,
        wave_after,
        {{ wave }} as wave
    from {{ ref('int_change__wave_pairs') }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

asked as (
    select
        sides.period,
        sides.wave,
        sides.wave = sides.wave_after as is_after,
        members.municipality_code,
        members.indicator_id,
        members.measure,
        members.question,
        members.category,
        members.is_member,
        members.note_ids,
        case when bridges.rule is null then members.break_note_id end as break_note_id,
        bridges.note_id as bridge_note_id
    from sides
    inner join {{ ref('int_survey__question_members') }} as members
        on sides.wave = members.wave
    left join {{ ref('int_change__bridges') }} as bridges
        on
            sides.period = bridges.period
            and members.field = bridges.field
            and members.category = bridges.category
    where coalesce(bridges.rule, 'as_asked') = 'as_asked'
),

bridged as (
    select
        sides.period,
        sides.wave,
        sides.wave = sides.wave_after as is_after,
        answers.municipality_code,
        bridges.indicator_id,
        bridges.measure,
        bridges.question,
        bridges.category,
        array_contains(
            bridges.answers, {{ bridged_answer('bridges.rule', 'answers.answer_number') }}
        ) as is_member,
        bridges.note_ids,
        answers.break_note_id,
        bridges.note_id as bridge_note_id
    from sides
    inner join {{ ref('int_change__bridges') }} as bridges
        on sides.period = bridges.period
    inner join {{ ref('int_survey__answers_long') }} as answers
        on sides.wave = answers.wave and bridges.from_field = answers.field
    where bridges.rule <> 'as_asked' and answers.is_answered
),

final as (
    select * from asked
    {{ union_all_by_name() }}
    select * from bridged
)

select * from final
