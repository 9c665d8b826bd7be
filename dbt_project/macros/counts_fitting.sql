{#-
  The counts 0..base whose share of the base, made a whole per cent by `how` (round or floor), is the
  published figure: as text, ∅ where there is none.
-#}
{% macro counts_fitting(how, published, base) -%}
    coalesce(
        nullif(
            array_to_string(
                list_filter(
                    range(cast({{ base }} as bigint) + 1),
                    lambda k: {{ how }}(100.0 * k / {{ base }}) = {{ published }}
                ),
                ', '
            ),
            ''
        ),
        '∅'
    )
{%- endmacro %}
