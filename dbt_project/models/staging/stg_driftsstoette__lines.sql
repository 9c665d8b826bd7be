select
    lines.delivery_id,
    lines.row_number,
    lines.extract_date,
    lines.case_number,
    lines.plan_name,
    lines.housing_organisation,
    lines.lbf_number,
    lines.municipality_code,
    lines.grant_pool,
    {{ items_of('lines.focus_areas') }} as focus_areas,
    lines.grant_start,
    lines.grant_end,
    lines.status,
    lines.status = 'active' as is_active,
    lines.homes,
    lines.residents,
    lines.financing_source,
    lines.financing_source <> 'lbf' as is_local,
    cast(lines.amount_kr as decimal(18, 2)) as amount_kr,
    cast(lines.staff_hours as decimal(12, 2)) as staff_hours,
    deliveries.is_synthetic
from {{ source('raw', 'driftsstoette_lines') }} as lines
inner join {{ ref('stg_ledger__deliveries') }} as deliveries
    on lines.delivery_id = deliveries.delivery_id
where deliveries.is_current
