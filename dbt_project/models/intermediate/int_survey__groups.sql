with answered as (
    select * from {{ ref('int_survey__frame') }}
    where is_answered
),

everyone as (
    select
        wave,
        municipality_code,
        residents_in_plan_areas,
        'all' as breakdown,
        'all' as breakdown_value,
        '' as group_notes,
        is_synthetic,
        [delivery_id] as delivery_ids
    from answered
),

by_size as (
    select
        wave,
        municipality_code,
        residents_in_plan_areas,
        'size' as breakdown,
        size_class as breakdown_value,
        case when is_size_fallback then 'size_class|size_fallback_extract' else 'size_class' end
            as group_notes,
        is_synthetic or coalesce(is_size_synthetic, false) as is_synthetic,
        list_append(coalesce(size_delivery_ids, []), delivery_id) as delivery_ids
    from answered
),

final as (
    select * from everyone
    union all
    select * from by_size
)

select * from final
