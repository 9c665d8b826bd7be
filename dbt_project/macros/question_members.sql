{#-
  What an indicator counts: which answers of which field are which category (seed indicator_answers).
-#}
{% macro question_categories() -%}
    select
        indicator_id,
        measure,
        field,
        category,
        max(note_ids) as note_ids,
        array_agg(answer) as answers
    from {{ ref('indicator_answers') }}
    group by indicator_id, measure, field, category
{%- endmacro %}

{#-
  The CTE `members`: one row per municipality that answered, group and category of one question.

  Feeds `share_cells`. An indicator of several questions names a measure and a CTE for each.
-#}
{% macro question_members(indicator_id, measure='share_pct', members='members') -%}
    {{ members }} as (
        select
            groups.wave as period,
            groups.breakdown,
            groups.breakdown_value,
            answers.category,
            answers.is_member,
            {{ break_status('answers.break_note_id') }} as obs_status,
            concat_ws(
                '|', nullif(answers.note_ids, ''), answers.break_note_id, nullif(groups.group_notes, '')
            ) as note_ids,
            groups.is_synthetic,
            groups.delivery_ids
        from {{ ref('int_survey__groups') }} as groups
        inner join {{ ref('int_survey__question_members') }} as answers
            on groups.wave = answers.wave and groups.municipality_code = answers.municipality_code
        where answers.indicator_id = '{{ indicator_id }}' and answers.measure = '{{ measure }}'
    )
{%- endmacro %}
