{#- The survey's answer fields, each with the question it belongs to (a multiple-choice question has several). -#}
{% macro survey_fields() %}
    {{ return({
        'coordinator_appointed': 'coordinator_appointed',
        'coordinator_unit': 'coordinator_unit',
        'coordinator_time_band': 'coordinator_time_band',
        'coordinator_hours_per_week': 'coordinator_hours_per_week',
        'cofinancing_staff': 'cofinancing',
        'cofinancing_cash': 'cofinancing',
        'cofinancing_premises': 'cofinancing',
        'cofinancing_other': 'cofinancing',
        'leaders_priority': 'leaders_priority',
        'politicians_priority': 'politicians_priority',
        'same_person_coordinates': 'same_person_coordinates',
        'social_topics_frequency': 'social_topics_frequency',
        'collaboration_step': 'collaboration_step',
        'forum_strategic': 'forums',
        'forum_tactical': 'forums',
        'forum_operational': 'forums',
        'middle_managers_take_part': 'forums',
        'plan_in_municipal_plan': 'forums',
    }) }}
{% endmacro %}

{#- The fields that are asked only where a coordinator is appointed. -#}
{% macro coordinator_fields() %}
    {{ return(['coordinator_unit', 'coordinator_time_band', 'coordinator_hours_per_week']) }}
{% endmacro %}

{#- The answer fields as columns of a relation of raw rows; a number of hours is a plain number here. -#}
{% macro survey_answers(relation) -%}
    {% for field in survey_fields() -%}
        {% if field == 'coordinator_hours_per_week' -%}
            cast({{ relation }}.{{ field }} as double) as {{ field }}
        {%- else -%}
            {{ relation }}.{{ field }}
        {%- endif %}{{ ',\n    ' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{#- The answer fields as columns of text, for turning them into rows. -#}
{% macro survey_fields_as_text() -%}
    {% for field in survey_fields() -%}
        cast({{ field }} as string) as {{ field }}{{ ', ' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{#- The answer fields as rows: field, question, whether it is asked only where a coordinator is. -#}
{% macro survey_field_rows() -%}
    {% for field, question in survey_fields().items() -%}
        ('{{ field }}', '{{ question }}', {{ field in coordinator_fields() }}){{ ', ' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{#- A list of names as SQL text literals. -#}
{% macro quoted_list(names) -%}
    '{{ names | join("', '") }}'
{%- endmacro %}
