{#-
  An answer of one question as another question's answer, by a rule the seed survey_bridges names.

  hours_to_bands: what the bands mean in hours, of a week of full-time work (var hours_per_fte).
-#}
{% macro bridged_answer(rule, answer_number) -%}
    case {{ rule }}
        when 'hours_to_bands'
            then case
                when {{ answer_number }} >= {{ var('hours_per_fte') }} then 'full_time_or_more'
                when {{ answer_number }} > {{ var('hours_per_fte') }} / 2.0 then 'half_to_full_time'
                when {{ answer_number }} <= {{ var('hours_per_fte') }} / 2.0 then 'half_time_or_less'
            end
    end
{%- endmacro %}
