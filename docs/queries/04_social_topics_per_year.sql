-- Which social topics were discussed in the styringsdialog, and where do minutes tell of it?
-- One row per year and topic.
select
    meeting_year,
    topic,
    count(distinct municipality_code) as municipalities,
    count(*) filter (where minutes_delivery_id is not null) as meetings_with_minutes
from marts.fct_styringsdialog_topic
where is_social
group by meeting_year, topic
order by meeting_year asc, municipalities desc
