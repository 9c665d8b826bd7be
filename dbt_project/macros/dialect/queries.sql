{#- What DuckDB and Spark write differently around queries. -#}

{#- Rows under one another, columns paired by name; Spark pairs them by place, so keep the order the same. -#}
{% macro union_all_by_name() -%}
    {{ return(adapter.dispatch('union_all_by_name')()) }}
{%- endmacro %}

{% macro default__union_all_by_name() -%}
    union all by name
{%- endmacro %}

{% macro spark__union_all_by_name() -%}
    union all
{%- endmacro %}
