{#- The note of a share of few municipalities; NULL where there are enough. -#}
{% macro low_base_note(base) -%}
    case when {{ base }} < {{ var('low_base_municipalities') }} then 'low_base' end
{%- endmacro %}
