with cells as (
    {{ united_cells() }}
),

final as (
    select
        cells.cell_id,
        cells.indicator_id,
        cells.period,
        cells.breakdown,
        cells.breakdown_value,
        cells.category,
        cells.measure,
        cells.unit,
        cells.numerator,
        cells.base,
        cells.value,
        cells.obs_status,
        cells.note_ids,
        cells.is_confidential,
        cells.is_synthetic,
        cells.delivery_ids,
        cells.sort_order,
        bounds.population,
        bounds.lowest_possible,
        bounds.highest_possible,
        bounds.lower_bound,
        bounds.upper_bound,
        bounds.weighted_value
    from cells
    left join {{ ref('int_statistics__share_bounds') }} as bounds
        on cells.cell_id = bounds.cell_id
)

select * from final
