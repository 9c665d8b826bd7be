{#- No two deliveries of a slot count at the same time. -#}
{% test one_current_per_slot(model) %}

    select
        slot,
        count(*) as current_deliveries
    from {{ model }}
    where is_current
    group by slot
    having count(*) > 1

{% endtest %}
