{#-
  The kroner of I07 by period and breakdown, summed in each of the ways a reader can: the printed totals,
  the fund and the local part, and all sources. For tests; `measure` in kroner, `period` names its period.
-#}
{% macro summed_three_ways(measure, period) -%}
    {%- for way, condition in {
        'total': "category = 'all'",
        'fund_and_local': "category in ('lbf', 'local')",
        'sources': "category not in ('all', 'local')",
    }.items() %}
    select
        {{ period }},
        '{{ way }}' as found_in,
        breakdown,
        cast(sum(numerator) as decimal(18, 2)) as found_kr
    from {{ ref('pub_i07_cofinancing_mix') }}
    where measure = '{{ measure }}' and {{ condition }}
    group by period, breakdown
    {{ 'union all' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
