-- What a municipality can have discussed: each topic, and any of the social ones.
with discussions as (
    select distinct
        meeting_topics.meeting_year,
        meeting_topics.municipality_code,
        unnest(
            case
                when topics.is_social then [meeting_topics.topic, 'any_social']
                else [meeting_topics.topic]
            end
        ) as category
    from {{ ref('int_styringsdialog__meeting_topics') }} as meeting_topics
    inner join {{ ref('styringsdialog_topics') }} as topics
        on meeting_topics.topic = topics.topic
),

categories as (
    select topic as category from {{ ref('styringsdialog_topics') }}
    union all
    select 'any_social' as category
),

final as (
    select
        cast(groups.meeting_year as varchar) as period,
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
