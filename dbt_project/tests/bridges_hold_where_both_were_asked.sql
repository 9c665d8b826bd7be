-- A bridge reads one question as another. Where a wave asked both, the two answers are to be the same;
-- a warning, with keys only, since a person has to judge how many may differ.
{{ config(severity='warn') }}
select
    asked.wave,
    asked.municipality_code,
    bridges.field,
    bridges.from_field
from {{ ref('survey_bridges') }} as bridges
inner join {{ ref('int_survey__answers_long') }} as asked
    on bridges.field = asked.field
inner join {{ ref('int_survey__answers_long') }} as read_instead
    on
        bridges.from_field = read_instead.field
        and asked.wave = read_instead.wave
        and asked.municipality_code = read_instead.municipality_code
where
    bridges.rule <> 'as_asked'
    and asked.is_answered
    and asked.answer <> 'dont_know'
    and read_instead.is_answered
    and asked.answer <> {{ bridged_answer('bridges.rule', 'read_instead.answer_number') }}
