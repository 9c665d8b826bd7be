{#- Every row keeps every rule; a rule is a name with a condition. Breaking rows name the rule. -#}
{% test holds(model, rules) %}

    {% for name, condition in rules.items() %}
        select
            '{{ name }}' as broken_rule,
            *
        from {{ model }}
        where not coalesce({{ condition }}, false)
        {% if not loop.last %}
            union all
        {% endif %}
    {% endfor %}

{% endtest %}
