{#- Numbers and dates, where DuckDB and Spark calculate or write differently. -#}

{#- Days from one date to another. -#}
{% macro days_between(first, last) -%}
    {{ return(adapter.dispatch('days_between')(first, last)) }}
{%- endmacro %}

{% macro default__days_between(first, last) -%}
    date_diff('day', {{ first }}, {{ last }})
{%- endmacro %}

{% macro spark__days_between(first, last) -%}
    datediff({{ last }}, {{ first }})
{%- endmacro %}

{#-
  A quotient rounded to hundredths (øre, hundredths of an hour). Spark divides decimals into decimals and
  rounds a double by its printed digits; both are told to do what DuckDB does.
-#}
{% macro to_hundredths(dividend, divisor) -%}
    {{ return(adapter.dispatch('to_hundredths')(dividend, divisor)) }}
{%- endmacro %}

{% macro default__to_hundredths(dividend, divisor) -%}
    round({{ dividend }} / {{ divisor }}, 2)
{%- endmacro %}

{% macro spark__to_hundredths(dividend, divisor) -%}
    round(cast({{ dividend }} as double) / {{ divisor }} * 100) / 100
{%- endmacro %}

{#- Rounded to a whole number, halves to the even one. -#}
{% macro round_half_even(value) -%}
    {{ return(adapter.dispatch('round_half_even')(value)) }}
{%- endmacro %}

{% macro default__round_half_even(value) -%}
    {{ return('round_even(' ~ value ~ ', 0)') }}
{%- endmacro %}

{% macro spark__round_half_even(value) -%}
    {{ return('bround(' ~ value ~ ', 0)') }}
{%- endmacro %}

{#- The natural logarithm of the number of ways to choose `k` of `n`. -#}
{% macro ln_choose(n, k) -%}
    {{ return(adapter.dispatch('ln_choose')(n, k)) }}
{%- endmacro %}

{% macro default__ln_choose(n, k) -%}
    (lgamma({{ n }} + 1) - lgamma({{ k }} + 1) - lgamma({{ n }} - ({{ k }}) + 1))
{%- endmacro %}

{#- Spark has no gamma function: factor by factor. -#}
{% macro spark__ln_choose(n, k) -%}
    aggregate(
        {{ spark__whole_numbers('1', '(' ~ k ~ ')') }},
        cast(0 as double),
        (sum_of_logs, factor_number) ->
            sum_of_logs + ln(({{ n }}) - ({{ k }}) + factor_number) - ln(factor_number)
    )
{%- endmacro %}
