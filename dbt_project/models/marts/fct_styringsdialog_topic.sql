with final as (
    select
        meeting_topics.meeting_id,
        meeting_topics.meeting_year,
        meeting_topics.municipality_code,
        meeting_topics.housing_organisation,
        meeting_topics.meeting_date,
        meeting_topics.topic,
        topics.is_social,
        meeting_topics.topic_source,
        meeting_topics.has_agreement,
        meeting_topics.list_delivery_id,
        meeting_topics.minutes_delivery_id,
        cast(meeting_topics.minutes_score as double) as minutes_score,
        cast(meeting_topics.minutes_page as integer) as minutes_page,
        cast(meeting_topics.minutes_char_offset as bigint) as minutes_char_offset,
        meeting_topics.delivery_ids,
        meeting_topics.is_synthetic
    from {{ ref('int_styringsdialog__meeting_topics') }} as meeting_topics
    inner join {{ ref('styringsdialog_topics') }} as topics
        on meeting_topics.topic = topics.topic
)

select * from final
