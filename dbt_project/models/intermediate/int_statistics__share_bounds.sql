with cells as (
    {{ united_cells() }}
),

-- How many municipalities could have answered, for shares of the answers to one question.
asked as (
    select
        cells.cell_id,
        cells.indicator_id,
        cells.period,
        cells.breakdown,
        cells.category,
        cells.measure,
        cells.numerator,
        cells.base,
        populations.population,
        populations.observed
    from cells
    inner join {{ ref('indicator_questions') }} as questions
        on cells.indicator_id = questions.indicator_id and cells.measure = questions.measure
    inner join {{ ref('int_survey__question_population') }} as populations
        on
            cells.period = populations.wave
            and questions.question = populations.question
            and cells.breakdown = populations.breakdown
            and cells.breakdown_value = populations.breakdown_value
    where cells.value is not null
),

-- Each size class weighed by its part of the population; unknown while a class has no answer.
weighted as (
    select
        indicator_id,
        period,
        category,
        measure,
        'all' as breakdown,
        sum(population) as population,
        100 * sum(population * numerator / base) / sum(population) as weighted_value
    from asked
    where breakdown = 'size'
    group by indicator_id, period, category, measure
),

final as (
    select
        asked.cell_id,
        cast(asked.population as double) as population,
        100 * asked.numerator / asked.population as lowest_possible,
        100 * (asked.numerator + asked.population - asked.observed) / asked.population as highest_possible,
        100 * intervals.lowest / asked.population as lower_bound,
        100 * intervals.highest / asked.population as upper_bound,
        weighted.weighted_value
    from asked
    inner join {{ ref('int_statistics__share_intervals') }} as intervals
        on
            asked.population = intervals.population
            and asked.observed = intervals.observed
            and asked.numerator = intervals.successes
    left join weighted
        on
            asked.breakdown = weighted.breakdown
            and asked.indicator_id = weighted.indicator_id
            and asked.period = weighted.period
            and asked.category = weighted.category
            and asked.measure = weighted.measure
            and asked.population = weighted.population
)

select * from final
