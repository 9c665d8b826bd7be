with topics_per_meeting as (
    select
        cast(groups.meeting_year as string) as period,
        groups.breakdown,
        groups.breakdown_value,
        'social' as category,
        'topics_per_meeting' as measure,
        'count' as unit,
        sum(groups.social_topics) as numerator,
        sum(groups.meetings) as base,
        sum(groups.social_topics) / sum(groups.meetings) as value,
        groups.obs_status,
        groups.note_ids,
        bool_or(groups.is_synthetic) as is_synthetic,
        {{ merged_deliveries('groups.delivery_ids') }} as delivery_ids
    from {{ ref('int_styringsdialog__groups') }} as groups
    group by all
),

-- The base is everyone compared. A figure of the comparison tells the counts behind it: it is published
-- only where both groups' shares are (pipelines/publish/derived.py).
comparisons as (
    {%- for measure, unit, value in [
        ('difference_pct_points', 'pct_points', 'difference_pct_points'),
        ('odds_ratio', 'ratio', 'odds_ratio'),
        ('fisher_exact_p', 'p_value', 'fisher_exact_p'),
        ('may_be_chance', 'yes_no', "cast(fisher_exact_p >= " ~ var('chance_p_value') ~ " as integer)"),
    ] %}
    select
        period,
        'same_person' as breakdown,
        'yes_against_no' as breakdown_value,
        category,
        '{{ measure }}' as measure,
        '{{ unit }}' as unit,
        null as numerator,
        same_base + other_base as base,
        {{ value }} as value,
        case when {{ value }} is null then 'M' else obs_status end as obs_status,
        concat_ws('|', nullif(note_ids, ''), 'fisher') as note_ids,
        is_synthetic,
        delivery_ids
    from {{ ref('int_styringsdialog__comparisons') }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

cells as (
    {{ share_cells(ref('int_styringsdialog__members')) }}
    {{ union_all_by_name() }}
    select * from topics_per_meeting
    {{ union_all_by_name() }}
    select * from comparisons
),

final as (
    {{ published_cells('I09', 'cells') }}
)

select * from final
