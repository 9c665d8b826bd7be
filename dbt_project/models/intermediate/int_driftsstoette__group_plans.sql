-- The price of an hour is that of the plans that tell their hours; one out of the ordinary stays in it.
with final as (
    select
        cast(extract_date as string) as period,
        breakdown,
        breakdown_value,
        count(*) as plans,
        count(*) filter (where is_local_share_at_floor) as plans_at_floor,
        count(*) filter (where not is_local_share_at_floor) as plans_below_floor,
        sum(staff_hours) as staff_hours,
        count_if(staff_kr is not null) as plans_with_staff,
        count(*) filter (where staff_hour_finding = 'hours_unknown') as plans_hours_unknown,
        count_if(staff_kr is not null and staff_hours is not null) as plans_priced,
        sum(staff_kr) filter (where staff_hours is not null) as priced_kr,
        sum(staff_hours) filter (where staff_kr is not null) as priced_hours,
        count(*) filter (where staff_hour_finding in ('too_cheap', 'too_dear')) as plans_implausible,
        bool_or(is_synthetic) as is_synthetic,
        {{ deliveries_of('delivery_id') }} as delivery_ids
    from {{ ref('int_driftsstoette__plan_groups') }}
    where is_active
    group by extract_date, breakdown, breakdown_value
)

select * from final
