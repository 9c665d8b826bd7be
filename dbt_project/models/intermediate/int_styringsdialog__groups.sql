with municipalities as (
    select
        meeting_topics.meeting_year,
        meeting_topics.municipality_code,
        count(distinct meeting_topics.meeting_id) as meetings,
        count_if(topics.is_social) as social_topics,
        bool_or(meeting_topics.is_synthetic) as is_synthetic,
        {{ merged_deliveries('meeting_topics.delivery_ids') }} as delivery_ids
    from {{ ref('int_styringsdialog__meeting_topics') }} as meeting_topics
    inner join {{ ref('styringsdialog_topics') }} as topics
        on meeting_topics.topic = topics.topic
    group by meeting_topics.meeting_year, meeting_topics.municipality_code
),

everyone as (
    select
        *,
        'all' as breakdown,
        'all' as breakdown_value,
        'meetings_registered' as note_ids,
        'A' as obs_status
    from municipalities
),

-- The survey wave of the same year says whether one person coordinates both.
by_same_person as (
    select
        municipalities.meeting_year,
        municipalities.municipality_code,
        municipalities.meetings,
        municipalities.social_topics,
        municipalities.is_synthetic or answers.is_synthetic as is_synthetic,
        array_append(municipalities.delivery_ids, answers.delivery_id) as delivery_ids,
        'same_person' as breakdown,
        answers.answer as breakdown_value,
        concat_ws('|', 'meetings_registered', 'same_person_answer', answers.break_note_id) as note_ids,
        {{ break_status('answers.break_note_id') }} as obs_status
    from municipalities
    inner join {{ ref('int_survey__answers_long') }} as answers
        on
            municipalities.municipality_code = answers.municipality_code
            and cast(municipalities.meeting_year as string) = answers.wave
    where answers.field = 'same_person_coordinates' and answers.is_answered
),

final as (
    select * from everyone
    union all
    select * from by_same_person
)

select * from final
