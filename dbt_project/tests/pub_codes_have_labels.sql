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
),

labelled as (
    select
        dimension,
        code
    from {{ ref('cell_labels') }}
    union all
    select
        'breakdown_value' as dimension,
        municipality_code as code
    from {{ ref('municipalities') }}
    union all
    select
        'category' as dimension,
        topic as code
    from {{ ref('styringsdialog_topics') }}
)

select
    used.dimension,
    used.code
from used
anti join labelled
    on used.dimension = labelled.dimension and used.code = labelled.code
