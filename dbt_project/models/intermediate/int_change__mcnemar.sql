-- Of those who changed, each is as likely to have gained as to have lost: the two tails of a binomial
-- distribution with even chances. pipelines/statistics/paired_change.py is the same in exact arithmetic.
with changes as (
    select distinct
        gained,
        lost
    from {{ ref('int_change__counts') }}
),

outcomes as (
    select
        gained,
        lost,
        {{ each_of(whole_numbers('0', 'least(gained, lost)')) }} as fewer
    from changes
),

tails as (
    select
        gained,
        lost,
        sum(exp({{ ln_choose('gained + lost', 'fewer') }} - (gained + lost) * ln(2))) as tail,
        exp({{ ln_choose('gained + lost', 'gained') }} - (gained + lost) * ln(2)) as observed
    from outcomes
    group by gained, lost
),

final as (
    select
        gained,
        lost,
        least(1, 2 * tail) as exact_p,
        case when gained + lost = 0 then 1 else least(1, 2 * tail - observed) end as mid_p
    from tails
)

select * from final
