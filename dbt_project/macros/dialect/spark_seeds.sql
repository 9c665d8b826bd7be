{#-
  Seeds on Spark. dbt-spark's session would write NULL as the text None and leave quotes unescaped, so the
  rows are written here as literals; the types are named as Spark names them.
-#}

{% macro spark__create_csv_table(model, agate_table) %}
    {%- set types = model.config.column_types -%}
    {%- set sql -%}
        create table {{ this.render() }} (
            {%- for column in agate_table.column_names %}
            {{ column }} {{ spark_type(types.get(column) or adapter.convert_type(agate_table, loop.index0)) }}
            {{- ',' if not loop.last }}
            {%- endfor %}
        )
        {{ file_format_clause() }}
        {{ comment_clause() }}
    {%- endset -%}
    {%- call statement('_') -%}
        {{ sql }}
    {%- endcall %}
    {{ return(sql) }}
{% endmacro %}

{% macro spark__load_csv_rows(model, agate_table) %}
    {%- set types = model.config.column_types -%}
    {%- for chunk in agate_table.rows | batch(get_batch_size()) %}
    {%- set sql -%}
        insert into {{ this.render() }} values
        {%- for row in chunk %}
        (
            {%- for value in row -%}
            cast(
                {{- 'null' if value is none else text_literal(value | string) }} as
                {{ spark_type(types.get(agate_table.column_names[loop.index0])
                    or adapter.convert_type(agate_table, loop.index0)) -}}
            )
            {{- ', ' if not loop.last }}
            {%- endfor -%}
        )
        {{- ',' if not loop.last }}
        {%- endfor %}
    {%- endset -%}
    {%- do adapter.add_query(sql, abridge_sql_log=True) %}
    {%- endfor %}
    {{ return('') }}
{% endmacro %}
