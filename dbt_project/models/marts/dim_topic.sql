with final as (
    select
        topic,
        label_da,
        label_en,
        is_social,
        cast(position as integer) as sort_order
    from {{ ref('styringsdialog_topics') }}
)

select * from final
