{#- Observation status of a figure: B where a break in its series has a note, else normal. -#}
{% macro break_status(break_note_id) -%}
    case when {{ break_note_id }} is null then 'A' else 'B' end
{%- endmacro %}
