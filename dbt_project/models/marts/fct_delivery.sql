with findings as (
    select
        delivery_id,
        count(*) filter (where severity = 'error') as errors,
        count(*) filter (where severity = 'warning') as warnings
    from {{ ref('stg_ledger__findings') }}
    group by delivery_id
),

final as (
    select
        deliveries.delivery_id,
        deliveries.source,
        deliveries.period,
        deliveries.slot,
        deliveries.version,
        deliveries.file_name,
        deliveries.bytes,
        deliveries.received_at,
        deliveries.decided_at,
        deliveries.state,
        deliveries.is_current,
        deliveries.is_synthetic,
        deliveries.provider,
        deliveries.rows_read,
        deliveries.rows_accepted,
        deliveries.rows_quarantined,
        cast(coalesce(findings.errors, 0) as integer) as errors,
        cast(coalesce(findings.warnings, 0) as integer) as warnings,
        deliveries.reason
    from {{ ref('stg_ledger__deliveries') }} as deliveries
    left join findings
        on deliveries.delivery_id = findings.delivery_id
)

select * from final
