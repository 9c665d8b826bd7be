with figures as (
    select
        published.*,
        concat_ws(
            '.', published.indicator_id, published.period, published.breakdown, published.group_code,
            published.category, published.measure
        ) as cell_id,
        counts.counts_fitting_rounding,
        counts.counts_fitting_half_even,
        counts.counts_fitting_truncation,
        counts.fit,
        counts.is_one_rule_possible,
        counts.bases_fitting
    from {{ ref('report_published_figures') }} as published
    inner join {{ ref('int_backtest__fitting_counts') }} as counts
        on published.figure_id = counts.figure_id
),

-- The base of a size's answers is in the report all that answered, not those of that size.
in_the_reports_cut as (
    select
        concat_ws('.', indicator_id, period, breakdown, group_code, category, measure) as cell_id,
        numerator,
        base,
        case when measure = 'share_pct' then 100 * numerator / base else numerator end as value,
        false as is_published,
        is_synthetic
    from {{ ref('int_backtest__unpublished_figures') }}
),

rebuilt as (
    select
        cell_id,
        numerator,
        base,
        value,
        true as is_published,
        is_synthetic
    from {{ ref('pub_indicator_cells') }}
    where cell_id not in (select in_the_reports_cut.cell_id from in_the_reports_cut)
    union all
    select * from in_the_reports_cut
),

final as (
    select
        figures.figure_id,
        figures.indicator_id,
        figures.report_lines,
        figures.quote_da,
        figures.published_kind,
        cast(figures.published_value as double) as published_value,
        cast(figures.stated_base as integer) as stated_base,
        cast(figures.lower_bound as double) as lower_bound,
        cast(figures.upper_bound as double) as upper_bound,
        figures.counts_fitting_rounding,
        figures.counts_fitting_half_even,
        figures.counts_fitting_truncation,
        figures.fit,
        figures.is_one_rule_possible,
        figures.bases_fitting,
        figures.cell_id as rebuilt_cell_id,
        cast(rebuilt.numerator as double) as rebuilt_numerator,
        cast(rebuilt.base as double) as rebuilt_base,
        cast(rebuilt.value as double) as rebuilt_value,
        coalesce(rebuilt.is_published, false) as is_published,
        rebuilt.base = figures.stated_base as is_base_equal,
        {{ is_within_wording('rebuilt.value', 'figures') }} as is_within_wording,
        {{ backtest_verdict('figures', 'rebuilt') }} as verdict,
        figures.note,
        rebuilt.is_synthetic
    from figures
    left join rebuilt
        on figures.cell_id = rebuilt.cell_id
)

select * from final
