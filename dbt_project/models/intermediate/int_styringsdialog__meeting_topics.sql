with listed as (
    select
        *,
        lower(trim(housing_organisation)) as organisation_key
    from {{ ref('stg_styringsdialog__topics') }}
    -- A meeting on two years' lists belongs to the first.
    qualify row_number() over (
        partition by municipality_code, organisation_key, meeting_date, topic
        order by meeting_year, row_number
    ) = 1
),

listed_meetings as (
    select
        municipality_code,
        organisation_key,
        meeting_date,
        min(meeting_year) as meeting_year
    from listed
    group by municipality_code, organisation_key, meeting_date
),

minutes as (
    select
        *,
        lower(trim(housing_organisation)) as organisation_key
    from {{ ref('stg_styringsdialog__minute_topics') }}
),

tagged as (
    select
        *,
        -- A meeting in the minutes of two years belongs to the first, too.
        min(meeting_year) over (partition by municipality_code, organisation_key, meeting_date)
            as first_year
    from minutes
    -- A topic found several times: the surest passage is the evidence.
    qualify row_number() over (
        partition by municipality_code, organisation_key, meeting_date, topic
        order by score desc nulls last, char_offset asc, delivery_id asc
    ) = 1
),

-- The list decides on the meeting's year and on agreements; minutes add topics and evidence.
final as (
    select
        coalesce(listed_meetings.meeting_year, tagged.first_year) as meeting_year,
        municipality_code,
        concat_ws('-', municipality_code, meeting_date, replace(organisation_key, ' ', '_'))
            as meeting_id,
        coalesce(listed.housing_organisation, tagged.housing_organisation) as housing_organisation,
        meeting_date,
        topic,
        case when listed.delivery_id is null then 'minutes' else 'list' end as topic_source,
        listed.has_agreement,
        listed.delivery_id as list_delivery_id,
        tagged.delivery_id as minutes_delivery_id,
        tagged.score as minutes_score,
        tagged.page as minutes_page,
        tagged.char_offset as minutes_char_offset,
        {{ deliveries_among('listed.delivery_id', 'tagged.delivery_id') }} as delivery_ids,
        coalesce(listed.is_synthetic, false) or coalesce(tagged.is_synthetic, false) as is_synthetic
    from listed
    full join tagged using (municipality_code, organisation_key, meeting_date, topic)
    left join listed_meetings using (municipality_code, organisation_key, meeting_date)
)

select * from final
