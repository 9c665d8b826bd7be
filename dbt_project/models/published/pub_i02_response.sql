with frame as (
    select
        wave as period,
        count(*) as invited,
        count_if(is_answered) as answered,
        bool_or(is_synthetic) as is_synthetic,
        {{ deliveries_of('delivery_id') }} as delivery_ids
    from {{ ref('int_survey__frame') }}
    group by wave
),

-- A question of several fields (multiple choice) is answered when one of them is.
answers as (
    select
        wave as period,
        municipality_code,
        question,
        bool_or(is_answered) as is_answered,
        bool_or(is_answered_unasked) as is_answered_unasked,
        bool_or(is_expected) as is_expected
    from {{ ref('int_survey__answers_long') }}
    group by wave, municipality_code, question
),

items as (
    select
        period,
        question,
        count_if(is_answered) as answered,
        count_if(is_expected) as expected,
        concat_ws(
            '|',
            case when bool_or(not is_expected or is_answered_unasked) then 'skip_logic' end,
            case
                when bool_or(is_answered_unasked) and question <> 'coordinator_unit'
                    then 'time_without_coordinator'
            end
        ) as note_ids
    from answers
    group by period, question
),

measures as (
    {%- for measure, unit, value, base in [
        ('invited', 'count', 'invited', 'invited'),
        ('answered', 'count', 'answered', 'invited'),
        ('unit_response_pct', 'pct', '100.0 * answered / invited', 'invited'),
    ] %}
    select
        period,
        'all' as category,
        '{{ measure }}' as measure,
        '{{ unit }}' as unit,
        {{ 'invited' if measure == 'invited' else 'answered' }} as numerator,
        {{ base }} as base,
        {{ value }} as value,
        '' as note_ids
    from frame
    union all
    {%- endfor %}
    {%- for measure, unit, value in [
        ('item_answered', 'count', 'answered'),
        ('item_response_pct', 'pct', '100.0 * answered / expected'),
    ] %}
    select
        period,
        question as category,
        '{{ measure }}' as measure,
        '{{ unit }}' as unit,
        answered as numerator,
        expected as base,
        {{ value }} as value,
        note_ids
    from items
    where expected > 0
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

cells as (
    select
        measures.*,
        'all' as breakdown,
        'all' as breakdown_value,
        'A' as obs_status,
        frame.is_synthetic,
        frame.delivery_ids
    from measures
    inner join frame
        on measures.period = frame.period
),

final as (
    {{ published_cells('I02', 'cells') }}
)

select * from final
