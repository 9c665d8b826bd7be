{#-
  The CTEs of a multiple-choice question: one row per answering municipality, group and choice.

  A municipality that chose one of the choices has answered the question; what it left out is a no.
  `notes` is a SQL expression on the row's `field`. Feeds `share_cells`.
-#}
{% macro multiple_choice_members(question, category, notes) -%}
    choices as (
        select
            *,
            bool_or(is_answered) over (partition by wave, municipality_code) as is_question_answered
        from {{ ref('int_survey__answers_long') }}
        where question = '{{ question }}'
    ),

    members as (
        select
            groups.wave as period,
            groups.breakdown,
            groups.breakdown_value,
            {{ category }} as category,
            coalesce(choices.answer = 'true', false) as is_member,
            {{ break_status('choices.break_note_id') }} as obs_status,
            concat_ws(
                '|',
                'multiple_choice',
                {{ notes }},
                choices.break_note_id,
                nullif(groups.group_notes, '')
            ) as note_ids,
            groups.is_synthetic,
            groups.delivery_ids
        from {{ ref('int_survey__groups') }} as groups
        inner join choices
            on groups.wave = choices.wave and groups.municipality_code = choices.municipality_code
        where choices.is_question_answered
    )
{%- endmacro %}
