-- What the catalogue declares of an indicator is what its cells are: breakdowns, measures, since when.
select distinct
    cells.indicator_id,
    cells.breakdown,
    cells.measure,
    cells.period
from {{ ref('pub_indicator_cells') }} as cells
left join {{ ref('indicator_catalogue') }} as catalogue
    on cells.indicator_id = catalogue.indicator_id
where
    not coalesce(catalogue.is_built, false)
    or not array_contains({{ items_of('catalogue.breakdowns') }}, cells.breakdown)
    or not array_contains({{ items_of('catalogue.measures') }}, cells.measure)
    or cells.period < catalogue.since_wave
