{#- Large: more residents in areas with a plan than the report's limit; unknown where no extract says. -#}
{% macro size_class(residents) -%}
    case
        when {{ residents }} is null then 'unknown'
        when {{ residents }} > {{ var('large_municipality_residents') }} then 'large'
        else 'small'
    end
{%- endmacro %}
