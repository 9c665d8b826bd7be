{#-
  The counts 0..stated base whose share, made a whole per cent by `how` (round or floor), is the
  published per cent: as text, ∅ where there is none, NULL where the figure is no per cent.
-#}
{% macro counts_fitting(how) -%}
    case
        when published_kind = 'pct'
            then coalesce(
                nullif(
                    array_to_string(
                        list_filter(
                            range(cast(stated_base as bigint) + 1),
                            lambda k: {{ how }}(100.0 * k / stated_base) = published_value
                        ),
                        ', '
                    ),
                    ''
                ),
                '∅'
            )
    end
{%- endmacro %}
