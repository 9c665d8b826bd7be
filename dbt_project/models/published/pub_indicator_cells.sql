{#- All indicators in one long table; a new indicator is one line here and one model beside it. -#}
{% set indicators = [
    'pub_i01_municipalities_with_plans',
    'pub_i02_response',
    'pub_i03_coordinator_appointed',
    'pub_i04_coordinator_placement',
    'pub_i05_coordinator_time',
    'pub_i06_cofinancing_forms',
    'pub_i07_cofinancing_mix',
    'pub_i08_priority',
    'pub_i09_styringsdialog_topics',
    'pub_i10_residents_covered',
    'pub_i11_collaboration_step',
    'pub_i12_forums_and_agreements',
    'pub_i13_plan_history',
    'pub_i14_municipality_profile',
] -%}
with cells as (
    {%- for indicator in indicators %}
    select
        cell_id,
        indicator_id,
        period,
        breakdown,
        breakdown_value,
        category,
        measure,
        unit,
        numerator,
        base,
        value,
        obs_status,
        note_ids,
        is_confidential,
        is_synthetic,
        delivery_ids,
        sort_order
    from {{ ref(indicator) }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

-- How many municipalities could have answered, for shares of the answers to one question.
asked as (
    select
        cells.cell_id,
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
        cells.indicator_id,
        cells.period,
        cells.category,
        cells.measure,
        100.0 * sum(asked.population * cells.numerator / cells.base) / sum(asked.population)
            as weighted_value,
        sum(asked.population) as population
    from cells
    inner join asked using (cell_id)
    where cells.breakdown = 'size'
    group by cells.indicator_id, cells.period, cells.category, cells.measure
),

final as (
    select
        cells.*,
        cast(asked.population as double) as population,
        100.0 * cells.numerator / asked.population as lowest_possible,
        100.0 * (cells.numerator + asked.population - asked.observed) / asked.population as highest_possible,
        100.0 * intervals.lowest / asked.population as lower_bound,
        100.0 * intervals.highest / asked.population as upper_bound,
        weighted.weighted_value
    from cells
    left join asked using (cell_id)
    left join {{ ref('int_statistics__share_intervals') }} as intervals
        on
            asked.population = intervals.population
            and asked.observed = intervals.observed
            and cells.numerator = intervals.successes
    left join weighted
        on
            cells.breakdown = 'all'
            and cells.indicator_id = weighted.indicator_id
            and cells.period = weighted.period
            and cells.category = weighted.category
            and cells.measure = weighted.measure
            and asked.population = weighted.population
)

select * from final
