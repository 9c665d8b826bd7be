{#- What kroner of I07 are told by, and which lines of a plan count under it: a source, the local ones, all. -#}
{% macro financing_categories() -%}
    {%- set categories = {} -%}
    {%- for source in [
        'lbf', 'municipality_cash', 'municipality_staff', 'municipality_premises', 'municipality_other',
        'housing_organisation', 'other',
    ] -%}
        {%- do categories.update({source: "financing_source = '" ~ source ~ "'"}) -%}
    {%- endfor -%}
    {%- do categories.update({'local': 'is_local', 'all': 'true'}) -%}
    {{ return(categories) }}
{%- endmacro %}

{#- The categories as rows of a VALUES list. -#}
{% macro financing_category_rows() -%}
    {%- for category in financing_categories() %}
    ('{{ category }}'){{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{#- Of columns that are there once for each category, that of the row's own. -#}
{% macro of_category(prefix='', suffix='') -%}
    case category
        {%- for category in financing_categories() %}
        when '{{ category }}' then {{ prefix }}{{ category }}{{ suffix }}
        {%- endfor %}
    end
{%- endmacro %}
