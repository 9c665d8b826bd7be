{{ config(severity='warn') }}
-- As many municipalities were invited, and as many answered, as the calendar says. A warning: a wave may
-- go out to others, and then somebody should know before the response rates are read.
select
    waves.wave,
    waves.invited,
    calendar.expected_invited,
    waves.answered,
    calendar.expected_answered
from {{ ref('dim_wave') }} as waves
inner join {{ ref('survey_waves') }} as calendar
    on waves.wave = calendar.wave
where waves.invited <> calendar.expected_invited or waves.answered <> calendar.expected_answered
