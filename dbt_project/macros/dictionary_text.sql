{#- A description as an SQL literal on one line; NULL for none. -#}
{% macro dictionary_text(text) -%}
    {%- if text -%}
    {{ text_literal(text | replace('\n', ' ') | trim) }}
    {%- else -%}
    cast(null as string)
    {%- endif -%}
{%- endmacro %}

{#-
  The dictionary as rows of literals: schema, table, the column's place, name, type and description, and the
  table's description. One empty row while dbt only parses.
-#}
{% macro dictionary_rows() -%}
    {%- set described = graph.nodes.values() | selectattr('resource_type', 'in', ['model', 'seed']) | list
        + graph.sources.values() | list if execute else [] %}
    {%- set rows = [] %}
    {%- for node in described | sort(attribute='unique_id') if node.columns and node.schema != 'docs' %}
    {%- for column in node.columns.values() %}
    {%- do rows.append([
        dictionary_text(node.schema),
        dictionary_text(node.identifier or node.alias or node.name),
        loop.index,
        dictionary_text(column.name),
        dictionary_text(column.data_type or ''),
        dictionary_text(column.description),
        dictionary_text(node.description),
    ] | join(', ')) %}
    {%- endfor %}
    {%- endfor %}
    {{- '(' ~ rows | join('),\n    (') ~ ')' if rows else "('', '', 0, '', '', '', '')" }}
{%- endmacro %}
