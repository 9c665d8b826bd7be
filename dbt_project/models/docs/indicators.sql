-- The catalogue with what is in the candidates: periods, confidential breakdowns and number of cells.
with cells as (
    select
        indicator_id,
        count(*) as cells,
        min(period) as first_period,
        max(period) as last_period,
        array_sort(array_agg(distinct breakdown) filter (where is_confidential)) as confidential_breakdowns
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
        {{ items_of('catalogue.breakdowns') }} as breakdowns,
        {{ items_of('catalogue.sources') }} as sources,
        catalogue.since_wave,
        catalogue.breaks_da,
        catalogue.breaks_en,
        owners.title_da as owner_da,
        owners.title_en as owner_en,
        catalogue.confidentiality,
        catalogue.is_sensitive,
        {{ items_of('catalogue.report_lines') }} as report_lines,
        {{ items_of('catalogue.measures') }} as measures,
        coalesce(cells.confidential_breakdowns, {{ list_of() }}) as confidential_breakdowns,
        cells.first_period,
        cells.last_period,
        coalesce(cells.cells, 0) as cells
    from {{ ref('indicator_catalogue') }} as catalogue
    inner join {{ ref('indicator_owners') }} as owners
        on catalogue.owner = owners.owner
    left join cells
        on catalogue.indicator_id = cells.indicator_id
)

select * from final
