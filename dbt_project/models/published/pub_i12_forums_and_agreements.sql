-- A written agreement belongs to the indicator, but no wave has asked for it.
with {{ question_members('I12') }},

written_agreement as (
    select
        period,
        breakdown,
        breakdown_value,
        'written_agreement' as category,
        'share_pct' as measure,
        'pct' as unit,
        cast(null as bigint) as numerator,
        cast(null as bigint) as base,
        cast(null as double) as value,
        'M' as obs_status,
        'written_agreement_not_asked' as note_ids,
        {{ any_synthetic('is_synthetic') }} as is_synthetic,
        {{ merged_deliveries('delivery_ids') }} as delivery_ids
    from members
    where breakdown = 'all'
    group by period, breakdown, breakdown_value
),

cells as (
    {{ share_cells('members') }}
    {{ union_all_by_name() }}
    select * from written_agreement
),

final as (
    {{ published_cells('I12', 'cells') }}
)

select * from final
