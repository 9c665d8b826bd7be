{#- The dictionary inside the database, from the descriptions that stand beside the models. -#}
with final as (
    {%- if execute %}
    {%- set described = graph.nodes.values() | selectattr('resource_type', 'in', ['model', 'seed']) | list
        + graph.sources.values() | list %}
    {%- for node in described | sort(attribute='unique_id') if node.columns and node.schema != 'docs' %}
    {%- set table = loop.index %}
    {%- for column in node.columns.values() %}
    {{ 'union all' if table > 1 or not loop.first }}
    select
        '{{ node.schema }}' as table_schema,
        '{{ node.identifier or node.alias or node.name }}' as table_name,
        {{ loop.index }} as column_position,
        '{{ column.name }}' as column_name,
        {{ dictionary_text(column.data_type or '') }} as data_type,
        {{ dictionary_text(column.description) }} as description,
        {{ dictionary_text(node.description) }} as table_description
    {%- endfor %}
    {%- endfor %}
    {%- else %}
    select
        null::varchar as table_schema,
        null::varchar as table_name,
        null::integer as column_position,
        null::varchar as column_name,
        null::varchar as data_type,
        null::varchar as description,
        null::varchar as table_description
    {%- endif %}
)

select * from final
