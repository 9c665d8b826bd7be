-- How did plans change from extract to extract?
-- One row per plan and version; plans that never changed are left out.
select
    case_number,
    plan_version,
    valid_from,
    valid_to,
    status,
    grant_end,
    total_kr
from marts.dim_plan_version
where
    case_number in (
        select later.case_number from marts.dim_plan_version as later
        where later.plan_version > 1
    )
order by case_number, plan_version
limit 50
