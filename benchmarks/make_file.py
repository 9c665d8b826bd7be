"""The file that is raced: a driftsstøtte extract of any size, the same bytes for the same seed.

Twelve of the contract's columns, one plan per four rows, in the order of case numbers. About one
row in a hundred and fifty has an amount that is no number, so its plan is held back: two to three
of a hundred rows are quarantined. All numbers of fields are right and all dates exist, since the
peers would read nothing otherwise; names and amounts are made up.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from pipelines.contracts.loader import SEEDS_DIR

PERIOD = "2015-06-30"
_SQL = """
copy (
  with rows as (select i, i // 4 as plan, i % 4 as part from range($rows) r(i)),
  diced as (
    select *, (hash(plan, $seed) >> 2)::bigint as h, (hash(i, $seed + 1) >> 2)::bigint as g
    from rows
  ),
  towns as (
    select row_number() over (order by municipality_code) - 1 as n, municipality_code,
      municipality_name, count(*) over () as towns
    from read_csv($towns, all_varchar = true)
  )
  select
    (2011 + plan // 400000)::varchar || '-' || lpad((plan % 400000)::varchar, 6, '0') as "Sagsnr",
    ['Eksempelparken', 'Modelbakken', 'Prøvehaven', 'Mønstergården', 'Åbrinken'][1 + h % 5]
      || ' ' || ((h // 5) % 900)::varchar as "Helhedsplan",
    ['Eksempel Bolig', 'Modelbo', 'Syntetisk Almen'][1 + (h // 8) % 3]
      || ' ' || ((h // 64) % 300)::varchar as "Boligorganisation",
    lpad(((h // 64) % 300)::varchar, 4, '0') as "LBF-nr",
    municipality_code as "Kommunekode",
    municipality_name as "Kommune",
    '2011-14' as "Pulje",
    strftime(date '2011-01-01' + ((h // 1024) % 1000)::int, '%d-%m-%Y') as "Bevilling fra",
    strftime(date '2015-01-01' + ((h // 1024) % 1000)::int, '%d-%m-%Y') as "Bevilling til",
    ['Aktiv', 'Afsluttet', 'Prækvalificeret'][1 + (h // 4096) % 3] as "Status",
    ['Landsbyggefonden', 'Kommune – kontant', 'Kommune – lokaler', 'Boligorganisation'][1 + part]
      as "Finansieringskilde",
    case when g % 150 = 0 then 'ca. 1500'
      else replace(format('{:,}', (1 + g % 900) * 1000 + (g // 1024) % 10 * 100), ',', '.') || ',00'
    end as "Beløb (kr.)"
  from diced join towns on n = (h // 16384) % towns
  order by i
) to '$target' (header, delimiter ';')
"""


def make_file(target: Path, rows: int, seed: int = 2015) -> None:
    """Write the file, unless it is there already."""
    if target.exists():
        return
    part = target.with_suffix(".part")
    values = {
        "$rows": str(rows),
        "$seed": str(seed),
        "$towns": f"'{SEEDS_DIR / 'municipalities.csv'}'",
        "$target": str(part),
    }
    sql = _SQL
    for name, value in values.items():
        sql = sql.replace(name, value)
    with duckdb.connect() as con:
        con.execute(sql)
    part.rename(target)
