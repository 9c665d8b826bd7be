-- pipelines/statistics/grim.py is the same in exact arithmetic.
with figures as (
    select
        figure_id,
        indicator_id,
        measure,
        breakdown,
        published_kind,
        published_value,
        stated_base,
        {{ counts_fitting('rounding') }} as counts_fitting_rounding,
        {{ counts_fitting('half_even') }} as counts_fitting_half_even,
        {{ counts_fitting('truncation') }} as counts_fitting_truncation
    from {{ ref('report_published_figures') }}
),

judged as (
    select
        *,
        case
            when published_kind <> 'pct' then published_kind
            when counts_fitting_rounding <> '∅' and counts_fitting_truncation <> '∅' then 'any_rule'
            when counts_fitting_rounding <> '∅' then 'rounding_only'
            when counts_fitting_truncation <> '∅' then 'truncation_only'
            else 'impossible'
        end as fit
    from figures
),

-- Figures of one question ought to be rounded alike.
rules as (
    select
        indicator_id,
        measure,
        bool_and(fit <> 'rounding_only') or bool_and(fit <> 'truncation_only') as is_one_rule_possible
    from judged
    where published_kind = 'pct'
    group by indicator_id, measure
),

-- The bases the report gives for all municipalities of the survey, tried on each of their per cents.
bases as (
    select distinct
        stated_base as base,
        max(case when measure = 'invited' then stated_base end) over () as invited
    from figures
    where breakdown = 'all'
),

tried as (
    select
        judged.figure_id,
        bases.base,
        {{ counts_fitting('rounding', 'base') }} as counts
    from judged
    inner join bases on judged.stated_base <= bases.invited and bases.base <= bases.invited
    where judged.breakdown = 'all' and judged.published_kind = 'pct'
),

bases_fitting as (
    select
        figure_id,
        coalesce({{ joined_distinct("case when counts <> '∅' then base end", ', ') }}, '∅') as bases_fitting
    from tried
    group by figure_id
),

final as (
    select
        judged.*,
        case when judged.published_kind = 'pct' then rules.is_one_rule_possible end as is_one_rule_possible,
        bases_fitting.bases_fitting
    from judged
    left join rules using (indicator_id, measure)
    left join bases_fitting using (figure_id)
)

select * from final
