-- What holds for all figures of a wave: some did not answer, or its delivery is not the original.
with frame as (
    select
        frame.*,
        concat_ws(
            '|',
            case when bool_or(not frame.is_answered) over (partition by frame.wave) then 'nonresponse' end,
            case when frame.is_synthetic then calendar.synthetic_note_id end
        ) as wave_notes
    from {{ ref('int_survey__frame') }} as frame
    left join {{ ref('survey_waves') }} as calendar
        on frame.wave = calendar.wave
),

answered as (
    select * from frame
    where is_answered
),

everyone as (
    select
        wave,
        municipality_code,
        residents_in_plan_areas,
        'all' as breakdown,
        'all' as breakdown_value,
        wave_notes as group_notes,
        is_synthetic,
        {{ list_of('delivery_id') }} as delivery_ids,
        coalesce(is_size_synthetic, false) as is_size_synthetic,
        coalesce(size_delivery_ids, {{ list_of() }}) as size_delivery_ids
    from answered
),

by_size as (
    select
        wave,
        municipality_code,
        residents_in_plan_areas,
        'size' as breakdown,
        size_class as breakdown_value,
        concat_ws(
            '|', nullif(wave_notes, ''), 'size_class',
            case when is_size_fallback then 'size_fallback_extract' end
        ) as group_notes,
        is_synthetic or coalesce(is_size_synthetic, false) as is_synthetic,
        array_append(coalesce(size_delivery_ids, {{ list_of() }}), delivery_id) as delivery_ids,
        coalesce(is_size_synthetic, false) as is_size_synthetic,
        coalesce(size_delivery_ids, {{ list_of() }}) as size_delivery_ids
    from answered
),

final as (
    select * from everyone
    union all
    select * from by_size
)

select * from final
