-- What does each column of a table hold?
-- One row per column; put in the table you ask about.
select
    column_name,
    data_type,
    description
from docs.columns
where table_schema = 'marts' and table_name = 'fct_plan_snapshot'
order by column_position
