{#- Two questions with the same answers; each is a measure, whose shares add up to 100 per cent. -#}
{% set groups = ['leaders', 'politicians'] -%}
with
{%- for group in groups %}
{{ question_members('I08', group ~ '_share_pct', group ~ '_members') }},
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
