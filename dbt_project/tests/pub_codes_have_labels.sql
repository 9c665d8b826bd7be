-- Every code that reaches a published cell has a label, or the page would print the code itself.
with used as (
    {%- for dimension in ['breakdown', 'breakdown_value', 'category', 'measure', 'unit'] %}
    select distinct
        '{{ dimension }}' as dimension,
        {{ dimension }} as code
    from {{ ref('pub_indicator_cells') }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
)

select
    used.dimension,
    used.code
from used
anti join {{ ref('dim_cell_label') }} as labelled
    on used.dimension = labelled.dimension and used.code = labelled.code
