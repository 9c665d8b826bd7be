-- What the release shows, in sentences written by rule.
-- Evidence cannot ship an empty table, so there is always a row of no indicator.
select
    site_findings.place,
    site_findings.indicator_id,
    indicator_catalogue.title_da,
    '/indikatorer/' || site_findings.indicator_id as page_link,
    site_findings.claim,
    site_findings.claim_da,
    site_findings.text_da,
    site_findings.text_en
from site_findings
inner join indicator_catalogue on site_findings.indicator_id = indicator_catalogue.indicator_id
union all
select
    0 as place,
    '-' as indicator_id,
    '' as title_da,
    '' as page_link,
    '' as claim,
    '' as claim_da,
    '' as text_da,
    '' as text_en
order by place
