with final as (
    select
        facts.municipality_code,
        facts.municipality_name,
        facts.measure,
        facts.fact_da,
        facts.report_line,
        cast(facts.published_value as double) as published_value,
        cells.cell_id as rebuilt_cell_id,
        cells.value as rebuilt_value,
        100 * (cells.value - facts.published_value) / nullif(facts.published_value, 0)
            as difference_pct,
        case
            when cells.value is null then 'not_rebuilt'
            when cells.value = facts.published_value then 'equal'
            else 'differs'
        end as verdict,
        facts.note,
        cells.is_synthetic
    from {{ ref('report_case_municipalities') }} as facts
    left join {{ ref('pub_i14_municipality_profile') }} as cells
        on
            facts.municipality_code = cells.breakdown_value
            and facts.measure = cells.measure
            and cells.period = '2015'
)

select * from final
