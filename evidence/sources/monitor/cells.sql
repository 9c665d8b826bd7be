-- The released cells with their words; a hidden value is NULL here as it is in the release.
select
    released_cells.cell_id,
    released_cells.indicator_id,
    released_cells.period,
    regexp_replace(released_cells.period, '(\d{4})-(\d\d)-(\d\d)', '\3-\2-\1') as period_label,
    released_cells.breakdown,
    released_cells.breakdown_label_da as breakdown_label,
    released_cells.breakdown_value as group_id,
    split_part(released_cells.breakdown_value_label_da, ' (', 1) as group_label,
    -- æ, ø and å come last in Danish, and aa is an å
    replace(
        replace(
            replace(replace(lower(released_cells.breakdown_value_label_da), 'aa', 'å'), 'æ', '~1'), 'ø', '~2'
        ), 'å', '~3'
    ) as group_alphabet,
    released_cells.category,
    released_cells.category_label_da as category_label,
    released_cells.measure,
    released_cells.measure_label_da as measure_label,
    released_cells.measure_label_en,
    released_cells.unit,
    released_cells.unit_label_da as unit_label,
    released_cells.value,
    released_cells.base,
    released_cells.lower_bound,
    released_cells.upper_bound,
    coalesce(site_intervals.interval_da, '') as interval_text,
    released_cells.obs_status,
    released_cells.display_da as display,
    released_cells.conf_status <> 'F' as is_hidden,
    released_cells.sort_order as place
from released_cells
left join site_intervals on released_cells.cell_id = site_intervals.cell_id
order by released_cells.indicator_id, released_cells.period, released_cells.sort_order
