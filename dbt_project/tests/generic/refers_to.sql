{#-
  Every value of a foreign key is there in the table it points at; NULL points at nothing. `keys` maps a
  column to a relation, whose column has the same name unless `column: [relation, column]` says another.
-#}
{% test refers_to(model, keys) %}

    {% for column, target in keys.items() %}
        {%- set relation, key = (target, column) if target is string else target %}
        select
            '{{ column }}' as foreign_key,
            cast(facts.{{ column }} as string) as missing,
            count(*) as row_count
        from {{ model }} as facts
        anti join {{ ref(relation) }} as dimension
            on facts.{{ column }} = dimension.{{ key }}
        where facts.{{ column }} is not null
        group by facts.{{ column }}
        {% if not loop.last %}
            union all
        {% endif %}
    {% endfor %}

{% endtest %}
