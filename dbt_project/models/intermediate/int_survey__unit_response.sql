with invited as (
    select
        frame.*,
        municipalities.region
    from {{ ref('int_survey__frame') }} as frame
    inner join {{ ref('municipalities') }} as municipalities
        on frame.municipality_code = municipalities.municipality_code
),

{# breakdown, column, notes, synthetic, deliveries -#}
{% set size_notes = "'size_class' || case when is_size_fallback then '|size_fallback_extract' else '' end" -%}
{% set groups = [
    ('all', "'all'", "''", 'is_synthetic', list_of('delivery_id')),
    ('size', 'size_class', size_notes, 'is_synthetic or coalesce(is_size_synthetic, false)',
        'array_append(coalesce(size_delivery_ids, ' ~ list_of() ~ '), delivery_id)'),
    ('region', 'region', "''", 'is_synthetic', list_of('delivery_id')),
] -%}
final as (
    {%- for breakdown, column, notes, synthetic, deliveries in groups %}
    select
        wave,
        '{{ breakdown }}' as breakdown,
        {{ column }} as breakdown_value,
        count(*) as invited,
        count_if(is_answered) as answered,
        max({{ notes }}) as note_ids,
        'A' as obs_status,
        bool_or({{ synthetic }}) as is_synthetic,
        {{ merged_deliveries(deliveries) }} as delivery_ids
    from invited
    group by wave, breakdown_value
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
)

select * from final
