with completed as (
    select * from {{ ref('stg_survey__answers') }}
    where response_status = 'completed'
),

-- Several respondents of one municipality: the one who finished last counts.
final as (
    select
        *,
        count(*) over (partition by wave, municipality_code) as completed_responses
    from completed
    qualify row_number() over (
        partition by wave, municipality_code
        order by completed_at desc nulls last, row_number desc
    ) = 1
)

select * from final
