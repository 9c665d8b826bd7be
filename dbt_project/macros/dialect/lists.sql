{#-
  Lists, where DuckDB and Spark write them differently. What both call by the same name (array_agg,
  array_append, array_contains, array_distinct, array_sort, flatten) stands in the models as it is.
-#}

{#- A list of the given expressions; without any, the empty list. -#}
{% macro list_of() -%}
    {{ return(adapter.dispatch('list_of')(varargs)) }}
{%- endmacro %}

{% macro default__list_of(items) -%}
    {{ return('[' ~ items | join(', ') ~ ']') }}
{%- endmacro %}

{% macro spark__list_of(items) -%}
    {{ return('array(' ~ items | join(', ') ~ ')') }}
{%- endmacro %}

{#- The whole numbers from the first to the last, both included; none where the last is the smaller. -#}
{% macro whole_numbers(first, last) -%}
    {{ return(adapter.dispatch('whole_numbers')(first, last)) }}
{%- endmacro %}

{% macro default__whole_numbers(first, last) -%}
    {{ return('range(' ~ first ~ ', ' ~ last ~ ' + 1)') }}
{%- endmacro %}

{#- Spark's sequence would count downwards. -#}
{% macro spark__whole_numbers(first, last) -%}
    {{ return(
        'case when ' ~ last ~ ' >= ' ~ first ~ ' then sequence(' ~ first ~ ', ' ~ last ~ ') else array() end'
    ) }}
{%- endmacro %}

{#- A row for each item of a list; in a select, as a column. -#}
{% macro each_of(list) -%}
    {{ return(adapter.dispatch('each_of')(list)) }}
{%- endmacro %}

{% macro default__each_of(list) -%}
    unnest({{ list }})
{%- endmacro %}

{% macro spark__each_of(list) -%}
    explode({{ list }})
{%- endmacro %}

{#- The items of a list for which a condition on `k` holds. -#}
{% macro items_where(list, condition) -%}
    {{ return(adapter.dispatch('items_where')(list, condition)) }}
{%- endmacro %}

{% macro default__items_where(list, condition) -%}
    list_filter({{ list }}, lambda k: {{ condition }})
{%- endmacro %}

{% macro spark__items_where(list, condition) -%}
    filter({{ list }}, k -> {{ condition }})
{%- endmacro %}

{#- The items of a text that joins them with |. -#}
{% macro items_of(text) -%}
    {{ return(adapter.dispatch('items_of')(text)) }}
{%- endmacro %}

{% macro default__items_of(text) -%}
    {{ return("string_split(" ~ text ~ ", '|')") }}
{%- endmacro %}

{#- Spark splits by a pattern. -#}
{% macro spark__items_of(text) -%}
    {{ return("split(" ~ text ~ ", '[|]')") }}
{%- endmacro %}

{#- Whether two lists have an item in common. -#}
{% macro have_common_item(one, other) -%}
    {{ return(adapter.dispatch('have_common_item')(one, other)) }}
{%- endmacro %}

{% macro default__have_common_item(one, other) -%}
    list_has_any({{ one }}, {{ other }})
{%- endmacro %}

{% macro spark__have_common_item(one, other) -%}
    arrays_overlap({{ one }}, {{ other }})
{%- endmacro %}

{#- The items of a list joined to one text. -#}
{% macro joined(list, separator='|') -%}
    {{ return(adapter.dispatch('joined')(list, separator)) }}
{%- endmacro %}

{% macro default__joined(list, separator) -%}
    array_to_string({{ list }}, '{{ separator }}')
{%- endmacro %}

{% macro spark__joined(list, separator) -%}
    array_join({{ list }}, '{{ separator }}')
{%- endmacro %}

{#- The distinct values of a group, in their order, joined to one text; NULL where there are none. -#}
{% macro joined_distinct(value, separator='|') -%}
    {{ return(adapter.dispatch('joined_distinct')(value, separator)) }}
{%- endmacro %}

{% macro default__joined_distinct(value, separator) -%}
    string_agg(distinct {{ value }}, '{{ separator }}' order by {{ value }})
{%- endmacro %}

{% macro spark__joined_distinct(value, separator) -%}
    nullif(array_join(array_sort(collect_set({{ value }})), '{{ separator }}'), '')
{%- endmacro %}

{#- The second largest value of a group; NULL where there is only one. -#}
{% macro second_largest(value) -%}
    {{ return(adapter.dispatch('second_largest')(value)) }}
{%- endmacro %}

{% macro default__second_largest(value) -%}
    max({{ value }}, 2)[2]
{%- endmacro %}

{% macro spark__second_largest(value) -%}
    get(sort_array(collect_list({{ value }}), false), 1)
{%- endmacro %}

{#- The deliveries of two columns as a list, without the NULL of one that is not there. -#}
{% macro deliveries_among(one, other) -%}
    {{ return(adapter.dispatch('deliveries_among')(one, other)) }}
{%- endmacro %}

{#- list_distinct drops the NULL -#}
{% macro default__deliveries_among(one, other) -%}
    list_sort(list_distinct([{{ one }}, {{ other }}]))
{%- endmacro %}

{% macro spark__deliveries_among(one, other) -%}
    array_sort(array_distinct(array_compact(array({{ one }}, {{ other }}))))
{%- endmacro %}
