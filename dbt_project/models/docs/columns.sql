{#- The dictionary inside the database, from the descriptions that stand beside the models. -#}
with described (
    table_schema, table_name, column_position, column_name, data_type, description, table_description
) as (
    values
    {{ dictionary_rows() }}
),

final as (
    select
        table_schema,
        table_name,
        column_position,
        column_name,
        data_type,
        description,
        table_description
    from described
)

select * from final
