{#- How figures get rounded in print; `?` stands for the per cent. -#}
{% macro rounding_rules() -%}
    {{ return({'rounding': 'round(?)', 'half_even': round_half_even('?'), 'truncation': 'floor(?)'}) }}
{%- endmacro %}

{#-
  The counts 0..base whose share, made a whole per cent by a rule, is the published per cent: as text,
  ∅ where there is none, NULL where the figure is no per cent.
-#}
{% macro counts_fitting(rule, base='stated_base') -%}
    {%- set per_cent = rounding_rules()[rule] | replace('?', '100 * k / ' ~ base) -%}
    {%- set counts = items_where(
        whole_numbers('0', 'cast(' ~ base ~ ' as bigint)'), per_cent ~ ' = published_value'
    ) -%}
    case
        when published_kind = 'pct' then coalesce(nullif({{ joined(counts, ', ') }}, ''), '∅')
    end
{%- endmacro %}
