-- The notes of each indicator; `periods` is empty where a note holds for all of its periods.
-- Evidence cannot ship an empty table, so there is always a row of no indicator.
with cell_notes as (
    select distinct
        indicator_id,
        period,
        unnest(string_split(note_ids, '|')) as note_id
    from released_cells
    where note_ids <> ''
),

periods_of_indicators as (
    select
        indicator_id,
        count(distinct period) as period_count
    from released_cells
    group by indicator_id
),

periods_of_notes as (
    select
        indicator_id,
        note_id,
        count(*) as period_count,
        string_agg(
            regexp_replace(period, '(\d{4})-(\d\d)-(\d\d)', '\3-\2-\1'), ', ' order by period
        ) as periods
    from cell_notes
    group by indicator_id, note_id
)

select
    periods_of_notes.indicator_id,
    cast(notes.rowid as integer) as place,
    notes.text_da,
    notes.text_en,
    notes.note_id like 'break%' as is_break,
    case
        when periods_of_notes.period_count = periods_of_indicators.period_count then ''
        else periods_of_notes.periods
    end as periods
from periods_of_notes
inner join periods_of_indicators on periods_of_notes.indicator_id = periods_of_indicators.indicator_id
inner join notes on periods_of_notes.note_id = notes.note_id
union all
select
    '-' as indicator_id,
    0 as place,
    '' as text_da,
    '' as text_en,
    false as is_break,
    '' as periods
order by indicator_id asc, is_break desc, place asc
