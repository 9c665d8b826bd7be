-- What was asked in one of the two waves only has nothing to be compared with.
with answers as (
    select
        *,
        bool_or(is_after) over (partition by period, measure, question, category)
        and bool_or(not is_after) over (partition by period, measure, question, category)
            as is_asked_twice
    from {{ ref('int_change__answers') }}
),

paired as (
    select
        period,
        indicator_id,
        measure,
        question,
        category,
        municipality_code,
        bool_or(is_member) filter (where not is_after) as was_member,
        bool_or(is_member) filter (where is_after) as is_member,
        {{ merged_notes('note_ids') }} as note_ids,
        max(bridge_note_id) as bridge_note_id
    from answers
    where is_asked_twice
    group by period, indicator_id, measure, question, category, municipality_code
),

-- The break is the wave's, whoever answered it.
breaks as (
    select
        period,
        question,
        category,
        max(break_note_id) filter (where is_after) as break_note_id
    from answers
    group by period, question, category
),

final as (
    select
        paired.*,
        breaks.break_note_id,
        case
            when paired.was_member is null then 'joiner'
            when paired.is_member is null then 'leaver'
            else 'panel'
        end as part,
        case
            when paired.was_member is null then frame_after.size_class
            when paired.is_member is null then frame_before.size_class
            when 'unknown' in (frame_before.size_class, frame_after.size_class) then 'unknown'
            when frame_before.size_class = frame_after.size_class then frame_after.size_class
            else 'moved'
        end as size_group
    from paired
    inner join {{ ref('int_change__wave_pairs') }} as pairs
        on paired.period = pairs.period
    inner join breaks
        on
            paired.period = breaks.period
            and paired.question = breaks.question
            and paired.category = breaks.category
    left join {{ ref('int_survey__frame') }} as frame_before
        on
            pairs.wave_before = frame_before.wave
            and paired.municipality_code = frame_before.municipality_code
    left join {{ ref('int_survey__frame') }} as frame_after
        on
            pairs.wave_after = frame_after.wave
            and paired.municipality_code = frame_after.municipality_code
)

select * from final
