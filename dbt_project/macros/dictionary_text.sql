{#- A description as an SQL literal on one line; NULL for none. -#}
{% macro dictionary_text(text) -%}
    {%- if text -%}
    '{{ text | replace("'", "''") | replace('\n', ' ') | trim }}'
    {%- else -%}
    cast(null as varchar)
    {%- endif -%}
{%- endmacro %}
