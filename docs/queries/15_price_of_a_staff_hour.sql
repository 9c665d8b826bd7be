-- What does an hour of municipal staff time stand for, plan by plan?
-- One row per plan of the newest extract; far from the middle means a slip of the pen, perhaps.
select
    financing.case_number,
    municipalities.municipality_name,
    financing.amount_kr,
    financing.staff_hours,
    round(financing.amount_kr / financing.staff_hours, 2) as kr_per_hour
from marts.fct_plan_financing as financing
inner join marts.dim_municipality as municipalities
    on financing.municipality_code = municipalities.municipality_code
where
    financing.extract_date = (select max(newest.extract_date) from marts.fct_plan_financing as newest)
    and financing.financing_source = 'municipality_staff'
    and financing.staff_hours > 0
order by kr_per_hour desc
