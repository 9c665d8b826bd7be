{#-
  Contracts on Spark: columns are compared by name and type, as everywhere, with the types as Spark names
  them. Spark keeps no NOT NULL for Parquet; the tests of keys hold the same.
-#}
{% macro spark__get_empty_schema_sql(columns) -%}
    select
        {%- for column in columns.values() %}
        cast(null as {{ spark_type(column.data_type) }}) as {{ column.name }}
        {{- ',' if not loop.last }}
        {%- endfor %}
{%- endmacro %}

{% macro spark__persist_constraints(relation, model) -%}
{%- endmacro %}
