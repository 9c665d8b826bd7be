-- Panel and leavers are the first wave's table, panel and joiners the second's, answer by answer; a bridge
-- reads another question, whose table is not published.
{% set sides = {'wave_before': ('was_member', 'joiner'), 'wave_after': ('is_member', 'leaver')} -%}
with counted as (
    {%- for wave, (member, absent) in sides.items() %}
    select
        panel.indicator_id,
        pairs.{{ wave }} as wave,
        panel.measure,
        panel.category,
        cast(count_if(panel.{{ member }}) as double) as numerator,
        cast(count_if(panel.part <> '{{ absent }}') as double) as base
    from {{ ref('int_change__panel') }} as panel
    inner join {{ ref('int_change__wave_pairs') }} as pairs
        on panel.period = pairs.period
    where panel.bridge_note_id is null
    group by all
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
)

select counted.*
from counted
left join {{ ref('pub_indicator_cells') }} as cells
    on
        counted.indicator_id = cells.indicator_id
        and counted.wave = cells.period
        and counted.measure = cells.measure
        and counted.category = cells.category
        and cells.breakdown = 'all'
where counted.numerator is distinct from cells.numerator or counted.base is distinct from cells.base
