{#- Whether a value lies within the bounds a wording sets; NULL where it sets none. -#}
{% macro is_within_wording(value, figure) -%}
    case
        when coalesce({{ figure }}.lower_bound, {{ figure }}.upper_bound) is null then null
        when {{ figure }}.bounds_included
            then {{ value }} between coalesce({{ figure }}.lower_bound, {{ value }})
                and coalesce({{ figure }}.upper_bound, {{ value }})
        else {{ value }} > coalesce({{ figure }}.lower_bound, {{ value }} - 1)
            and {{ value }} < coalesce({{ figure }}.upper_bound, {{ value }} + 1)
    end
{%- endmacro %}

{#-
  How a published figure and the rebuilt one compare. A figure that no count can give on its stated
  base is impossible whatever the rebuilt one says; a per cent equal as it stands needs no rounding; and
  the same number of another base than the stated one is not the same figure.
-#}
{% macro backtest_verdict(figure, rebuilt) -%}
    case
        when {{ figure }}.fit = 'impossible' then 'impossible_on_stated_base'
        when {{ figure }}.published_kind = 'wording' then 'wording_only'
        when {{ rebuilt }}.value is null then 'not_rebuilt'
        when
            {{ rebuilt }}.base <> {{ figure }}.stated_base
            and {{ figure }}.published_value in (
                {{ rebuilt }}.value,
                case when {{ figure }}.published_kind = 'pct' then round({{ rebuilt }}.value) end,
                case when {{ figure }}.published_kind = 'pct' then floor({{ rebuilt }}.value) end
            )
            then 'equal_on_another_base'
        when {{ rebuilt }}.value = {{ figure }}.published_value then 'equal'
        when {{ figure }}.published_kind <> 'pct' then 'differs'
        when round({{ rebuilt }}.value) = {{ figure }}.published_value then 'equal_after_rounding'
        when floor({{ rebuilt }}.value) = {{ figure }}.published_value then 'equal_after_truncation'
        else 'differs'
    end
{%- endmacro %}
