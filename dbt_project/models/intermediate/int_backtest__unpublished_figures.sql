{#- Figures of the report whose indicator is not built yet, or in a cut that is not published. -#}
{% set figure = 'indicator_id, period, breakdown, group_code, category, measure' -%}
with answered as (
    select
        groups.wave as period,
        groups.breakdown,
        groups.breakdown_value as group_code,
        groups.municipality_code,
        answers.field,
        answers.question,
        answers.answer,
        groups.is_synthetic
    from {{ ref('int_survey__groups') }} as groups
    inner join {{ ref('int_survey__answers_long') }} as answers
        on groups.wave = answers.wave and groups.municipality_code = answers.municipality_code
    where answers.is_answered
),

-- Each row is a municipality in the base `base_of`, counted under its category.
counted as (
    select
        'I06' as indicator_id,
        period,
        breakdown,
        group_code,
        case when bool_or(answer = 'true') then 'any' else 'none' end as category,
        'share_pct' as measure,
        bool_or(is_synthetic) as is_synthetic,
        concat_ws('.', question, group_code) as base_of
    from answered
    where question = 'cofinancing'
    group by period, breakdown, group_code, municipality_code, question
    union all
    select
        'I02' as indicator_id,
        period,
        breakdown,
        group_code,
        question as category,
        'item_answered' as measure,
        bool_or(is_synthetic) as is_synthetic,
        question as base_of
    from answered
    where breakdown = 'size'
    group by period, breakdown, group_code, municipality_code, question
    union all
    select
        'I10' as indicator_id,
        wave as period,
        'size' as breakdown,
        size_class as group_code,
        'all' as category,
        'share_pct' as measure,
        is_synthetic or coalesce(is_size_synthetic, false) as is_synthetic,
        'invited' as base_of
    from {{ ref('int_survey__frame') }}
),

final as (
    select
        {{ figure }},
        count(*) as numerator,
        sum(count(*)) over (partition by indicator_id, measure, period, base_of) as base,
        bool_or(is_synthetic) as is_synthetic
    from counted
    group by {{ figure }}, base_of
)

select * from final
