-- What a municipality can have discussed: each topic, and any of the social ones.
with discussed as (
    select distinct
        meeting_topics.meeting_year,
        meeting_topics.municipality_code,
        topics.topic,
        topics.is_social
    from {{ ref('int_styringsdialog__meeting_topics') }} as meeting_topics
    inner join {{ ref('styringsdialog_topics') }} as topics
        on meeting_topics.topic = topics.topic
),

discussions as (
    select
        meeting_year,
        municipality_code,
        topic as category
    from discussed
    union all
    select distinct
        meeting_year,
        municipality_code,
        'any_social' as category
    from discussed
    where is_social
),

categories as (
    select topic as category from {{ ref('styringsdialog_topics') }}
    union all
    select 'any_social' as category
),

final as (
    select
        cast(groups.meeting_year as string) as period,
        groups.breakdown,
        groups.breakdown_value,
        groups.municipality_code,
        categories.category,
        discussions.category is not null as is_member,
        groups.obs_status,
        groups.note_ids,
        groups.is_synthetic,
        groups.delivery_ids
    from {{ ref('int_styringsdialog__groups') }} as groups
    cross join categories
    left join discussions
        on
            groups.meeting_year = discussions.meeting_year
            and groups.municipality_code = discussions.municipality_code
            and categories.category = discussions.category
)

select * from final
