{#- The name of a question out of its label: 'Spørgsmål: tid til koordinering' -> 'Tid til koordinering'. -#}
{% macro named_question(label) -%}
    upper(left(split_part({{ label }}, ': ', 2), 1)) || substr(split_part({{ label }}, ': ', 2), 2)
{%- endmacro %}
