with answers as (
    select
        wave,
        municipality_code,
        delivery_id,
        row_number,
        is_synthetic,
        coalesce(coordinator_appointed in ('yes_one', 'yes_several'), false) as has_coordinator,
        {{ survey_fields_as_text() }}
    from {{ ref('int_survey__latest_answers') }}
),

-- Where a coordinator sits is no answer where there is none.
long_answers as (
    select
        *,
        answer is not null and (field <> 'coordinator_unit' or has_coordinator) as is_answered
    from answers
    unpivot include nulls (answer for field in ({{ survey_fields() | join(', ') }}))
),

-- Questions on the coordinator go to municipalities that have one. What another tells of its time is
-- kept and counted as observed, so the municipality is expected to answer.
final as (
    select
        long_answers.wave,
        long_answers.municipality_code,
        long_answers.field,
        fields.question,
        long_answers.answer,
        case
            when long_answers.field = 'coordinator_hours_per_week'
                then cast(long_answers.answer as double)
        end as answer_number,
        long_answers.is_answered,
        not fields.is_for_coordinators or long_answers.has_coordinator or long_answers.is_answered
            as is_expected,
        fields.is_for_coordinators and not long_answers.has_coordinator and long_answers.is_answered
            as is_answered_unasked,
        fields.is_series_break,
        fields.break_note_id,
        long_answers.delivery_id,
        long_answers.row_number,
        long_answers.is_synthetic
    from long_answers
    inner join {{ ref('int_survey__fields') }} as fields
        on long_answers.wave = fields.wave and long_answers.field = fields.field
    where fields.is_asked
)

select * from final
