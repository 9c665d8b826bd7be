-- Does the rebuilt 2015 agree with the printed report?
-- One row per published figure.
select
    figure_id,
    report_lines,
    published_value,
    stated_base,
    round(rebuilt_value, 1) as rebuilt_value,
    rebuilt_base,
    verdict
from marts.backtest_report_2015
order by figure_id
