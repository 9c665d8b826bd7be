{#- A type as Spark calls it; the project names types as DuckDB does. -#}
{% macro spark_type(type) -%}
    {%- set type = type | lower -%}
    {%- if type.endswith('[]') -%}
        array<{{ spark_type(type[:-2]) }}>
    {%- else -%}
        {{ {'varchar': 'string', 'integer': 'int', 'timestamp': 'timestamp_ntz'}.get(type, type) }}
    {%- endif -%}
{%- endmacro %}
