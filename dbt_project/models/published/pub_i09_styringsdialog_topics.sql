-- What a municipality can have discussed: each topic, and any of the social ones.
with discussions as (
    select distinct
        meeting_year,
        municipality_code,
        unnest(case when is_social then [topic, 'any_social'] else [topic] end) as category
    from {{ ref('fct_styringsdialog_topic') }}
),

categories as (
    select topic as category from {{ ref('styringsdialog_topics') }}
    union all
    select 'any_social' as category
),

members as (
    select
        cast(groups.meeting_year as varchar) as period,
        groups.breakdown,
        groups.breakdown_value,
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
),

topics_per_meeting as (
    select
        cast(groups.meeting_year as varchar) as period,
        groups.breakdown,
        groups.breakdown_value,
        'social' as category,
        'topics_per_meeting' as measure,
        'count' as unit,
        sum(groups.social_topics) as numerator,
        sum(groups.meetings) as base,
        sum(groups.social_topics) / sum(groups.meetings) as value,
        groups.obs_status,
        groups.note_ids,
        bool_or(groups.is_synthetic) as is_synthetic,
        {{ merged_deliveries('groups.delivery_ids') }} as delivery_ids
    from {{ ref('int_styringsdialog__groups') }} as groups
    group by all
),

cells as (
    {{ share_cells('members') }}
    union all by name
    select * from topics_per_meeting
),

final as (
    {{ published_cells('I09', 'cells') }}
)

select * from final
