-- Who is behind a group: the answers of both waves, and the extracts that gave the sizes.
with behind as (
    select
        pairs.period,
        groups.municipality_code,
        groups.breakdown,
        bool_or(groups.is_synthetic) as is_synthetic,
        flatten(array_agg(groups.delivery_ids)) as delivery_ids,
        {{ merged_notes('groups.group_notes') }} as group_notes
    from {{ ref('int_change__wave_pairs') }} as pairs
    inner join {{ ref('int_survey__groups') }} as groups
        on groups.wave in (pairs.wave_before, pairs.wave_after)
    group by pairs.period, groups.municipality_code, groups.breakdown
),

members as (
    select
        panel.*,
        behind.breakdown,
        case when behind.breakdown = 'size' then panel.size_group else 'all' end as breakdown_value,
        behind.is_synthetic,
        behind.delivery_ids,
        behind.group_notes
    from {{ ref('int_change__panel') }} as panel
    inner join behind
        on panel.period = behind.period and panel.municipality_code = behind.municipality_code
),

final as (
    select
        period,
        indicator_id,
        measure,
        question,
        category,
        breakdown,
        breakdown_value,
        cast(count_if(part = 'panel') as bigint) as panel,
        cast(count_if(part = 'joiner') as bigint) as joiners,
        cast(count_if(part = 'leaver') as bigint) as leavers,
        cast(count_if(part = 'panel' and size_group = 'moved') as bigint) as size_movers,
        cast(count_if(part = 'panel' and was_member and is_member) as bigint) as kept,
        cast(count_if(part = 'panel' and was_member and not is_member) as bigint) as lost,
        cast(count_if(part = 'panel' and not was_member and is_member) as bigint) as gained,
        cast(count_if(part = 'panel' and not was_member and not is_member) as bigint) as never,
        max(break_note_id) as break_note_id,
        {{ merged_notes("concat_ws('|', nullif(note_ids, ''), nullif(group_notes, ''), bridge_note_id)") }}
            as note_ids,
        {{ any_synthetic('is_synthetic') }} as is_synthetic,
        {{ merged_deliveries('delivery_ids') }} as delivery_ids
    from members
    group by period, indicator_id, measure, question, category, breakdown, breakdown_value
)

select * from final
