-- The exact 95 per cent interval of a count in a finite population, by inverting two one-sided
-- hypergeometric tests (Buonaccorsi 1987, The American Statistician 41, 215-218): every total that
-- neither test rejects at half the error. pipelines/statistics/finite_population.py is the same in
-- exact arithmetic.
with sizes as (
    select distinct
        population,
        observed
    from {{ ref('int_survey__question_population') }}
),

totals as (
    select
        population,
        observed,
        {{ each_of(whole_numbers('0', 'population')) }} as total
    from sizes
),

-- What can be observed of a total: at most all of it, and not fewer than must be among the observed.
outcomes as (
    select
        *,
        {{ each_of(whole_numbers(
            'greatest(0, observed - (population - total))',
            'least(total, observed)'
        )) }} as successes
    from totals
),

probabilities as (
    select
        *,
        exp(
            {{ ln_choose('total', 'successes') }}
            + {{ ln_choose('population - total', 'observed - successes') }}
            - {{ ln_choose('population', 'observed') }}
        ) as probability
    from outcomes
),

tails as (
    select
        *,
        sum(probability) over (
            partition by population, observed, total order by successes
            rows between unbounded preceding and current row
        ) as at_most,
        sum(probability) over (
            partition by population, observed, total order by successes desc
            rows between unbounded preceding and current row
        ) as at_least
    from probabilities
),

-- The tolerance keeps a probability that is exactly 2.5 per cent on the side exact arithmetic puts it.
final as (
    select
        population,
        observed,
        successes,
        min(total) as lowest,
        max(total) as highest
    from tails
    where least(at_most, at_least) > (1 - {{ var('confidence_pct') }} / 100.0) / 2 * (1 + 1e-9)
    group by population, observed, successes
)

select * from final
