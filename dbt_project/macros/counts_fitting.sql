{#- How figures get rounded in print; `?` stands for the per cent. -#}
{% macro rounding_rules() -%}
    {{ return({'rounding': 'round(?)', 'half_even': 'round_even(?, 0)', 'truncation': 'floor(?)'}) }}
{%- endmacro %}

{#-
  The counts 0..base whose share, made a whole per cent by a rule, is the published per cent: as text,
  ∅ where there is none, NULL where the figure is no per cent.
-#}
{% macro counts_fitting(rule, base='stated_base') -%}
    case
        when published_kind = 'pct'
            then coalesce(
                nullif(
                    array_to_string(
                        list_filter(
                            range(cast({{ base }} as bigint) + 1),
                            lambda k: {{ rounding_rules()[rule] | replace('?', '100.0 * k / ' ~ base) }}
                            = published_value
                        ),
                        ', '
                    ),
                    ''
                ),
                '∅'
            )
    end
{%- endmacro %}
