with waves as (
    select distinct wave
    from {{ ref('int_survey__frame') }}
    where is_answered
),

neighbours as (
    select
        wave as wave_before,
        lead(wave) over (order by wave) as wave_after
    from waves
),

final as (
    select
        concat(wave_before, '/', wave_after) as period,
        wave_before,
        wave_after
    from neighbours
    where wave_after is not null
)

select * from final
