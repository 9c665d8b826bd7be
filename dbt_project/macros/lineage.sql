{#- The distinct deliveries behind a group of rows; `column` holds one delivery id a row. -#}
{% macro deliveries_of(column) -%}
    array_sort(array_agg(distinct {{ column }}) filter (where {{ column }} is not null))
{%- endmacro %}

{#- The distinct deliveries behind a group of rows; `column` holds a list of delivery ids a row. -#}
{% macro merged_deliveries(column) -%}
    array_sort(array_distinct(flatten(array_agg({{ column }}))))
{%- endmacro %}

{#- Whether anything synthetic is behind a group of rows. Reference rows have no delivery and are real. -#}
{% macro any_synthetic(column) -%}
    coalesce(bool_or({{ column }}), false)
{%- endmacro %}

{#- The distinct notes of a group of rows, joined with |; `column` holds such a list of notes a row. -#}
{% macro merged_notes(column) -%}
    {{ joined(
        'array_sort(array_distinct(flatten('
        ~ 'array_agg(' ~ items_of(column) ~ ') filter (where ' ~ column ~ " <> ''))))"
    ) }}
{%- endmacro %}
