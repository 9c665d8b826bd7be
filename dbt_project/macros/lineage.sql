{#- The distinct deliveries behind a group of rows; `column` holds one delivery id a row. -#}
{% macro deliveries_of(column) -%}
    list_sort(list(distinct {{ column }}) filter (where {{ column }} is not null))
{%- endmacro %}

{#- The distinct deliveries behind a group of rows; `column` holds a list of delivery ids a row. -#}
{% macro merged_deliveries(column) -%}
    list_sort(list_distinct(flatten(list({{ column }}))))
{%- endmacro %}

{#- Whether anything synthetic is behind a group of rows. Reference rows have no delivery and are real. -#}
{% macro any_synthetic(column) -%}
    coalesce(bool_or({{ column }}), false)
{%- endmacro %}
