{#- Two questions with the same answers; each is a measure, whose shares add up to 100 per cent. -#}
{% set answers = ['satisfactory', 'to_some_degree', 'not_satisfactory', 'dont_know'] -%}
{% set groups = ['leaders', 'politicians'] -%}
with
{%- for group in groups %}
{{ group }}_answers as (
    select
        wave,
        municipality_code,
        answer,
        break_note_id,
        'dont_know_counts' as notes
    from {{ ref('int_survey__answers_long') }}
    where field = '{{ group }}_priority' and is_answered
),

{{ answer_members(answers, group ~ '_answers', group ~ '_members') }},
{% endfor %}
cells as (
    {%- for group in groups %}
    {{ share_cells(group ~ '_members', group ~ '_share_pct') }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

final as (
    {{ published_cells('I08', 'cells', is_by_measure=true) }}
)

select * from final
