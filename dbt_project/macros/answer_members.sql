{#-
  The CTE `members`: one row per answering municipality, group and category of one closed question.

  Expects a CTE `answers` with wave, municipality_code, answer, break_note_id and notes, answered rows only.
  Feeds `share_cells`. An indicator of several questions names the two CTEs of each.
-#}
{% macro answer_members(categories, answers='answers', members='members') -%}
    {{ members }} as (
        select
            groups.wave as period,
            groups.breakdown,
            groups.breakdown_value,
            categories.category,
            answers.answer = categories.category as is_member,
            {{ break_status('answers.break_note_id') }} as obs_status,
            concat_ws(
                '|', answers.notes, answers.break_note_id, nullif(groups.group_notes, '')
            ) as note_ids,
            groups.is_synthetic,
            groups.delivery_ids
        from {{ ref('int_survey__groups') }} as groups
        inner join {{ answers }} as answers
            on groups.wave = answers.wave and groups.municipality_code = answers.municipality_code
        cross join (select unnest([{{ quoted_list(categories) }}]) as category) as categories
    )
{%- endmacro %}
