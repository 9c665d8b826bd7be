-- The catalogue with what is in the candidates: periods, breakdowns, measures and number of cells.
with cells as (
    select
        indicator_id,
        count(*) as cells,
        min(period) as first_period,
        max(period) as last_period,
        list_sort(list(distinct measure)) as measures
    from {{ ref('pub_indicator_cells') }}
    group by indicator_id
),

final as (
    select
        catalogue.indicator_id,
        catalogue.title_da,
        catalogue.title_en,
        catalogue.definition_da,
        catalogue.definition_en,
        catalogue.unit,
        catalogue.base_da,
        catalogue.base_en,
        string_split(catalogue.breakdowns, '|') as breakdowns,
        string_split(catalogue.sources, '|') as sources,
        catalogue.since_wave,
        catalogue.owner,
        catalogue.confidentiality,
        catalogue.is_sensitive,
        string_split(catalogue.report_lines, '|') as report_lines,
        cells.measures,
        cells.first_period,
        cells.last_period,
        coalesce(cells.cells, 0) as cells
    from {{ ref('indicator_catalogue') }} as catalogue
    left join cells
        on catalogue.indicator_id = cells.indicator_id
)

select * from final
