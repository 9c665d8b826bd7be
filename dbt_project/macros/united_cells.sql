{#- The cells of all indicators, one under the other; a new indicator is one line here and one model. -#}
{% macro united_cells() -%}
{% set indicators = [
    'pub_i01_municipalities_with_plans',
    'pub_i02_response',
    'pub_i03_coordinator_appointed',
    'pub_i04_coordinator_placement',
    'pub_i05_coordinator_time',
    'pub_i06_cofinancing_forms',
    'pub_i07_cofinancing_mix',
    'pub_i08_priority',
    'pub_i09_styringsdialog_topics',
    'pub_i10_residents_covered',
    'pub_i11_collaboration_step',
    'pub_i12_forums_and_agreements',
    'pub_i13_plan_history',
    'pub_i14_municipality_profile',
    'pub_i15_change_between_waves',
] %}
    {%- for indicator in indicators %}
    select
        cell_id,
        indicator_id,
        period,
        breakdown,
        breakdown_value,
        category,
        measure,
        unit,
        numerator,
        base,
        value,
        obs_status,
        note_ids,
        is_confidential,
        is_synthetic,
        delivery_ids,
        sort_order
    from {{ ref(indicator) }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
{%- endmacro %}
