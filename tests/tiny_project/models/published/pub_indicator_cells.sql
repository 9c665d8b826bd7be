select
    'I03.' || answers.period as cell_id,
    'I03' as indicator_id,
    answers.period,
    count(*)::double as value
from {{ ref('stg_survey__answers') }} as answers
inner join {{ ref('municipalities') }} as municipalities
    on answers.municipality_code = municipalities.municipality_code
group by answers.period
