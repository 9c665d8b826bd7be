"""What stands around a table: the facts in its title lines and the totals row below it."""

from __future__ import annotations

import re
from decimal import Decimal

import duckdb

from pipelines.contracts.forms import danish_day
from pipelines.contracts.model import Source
from pipelines.intake.conform.messages import contract_rejection
from pipelines.intake.conform.table import TOTALS, wanted_headers
from pipelines.intake.readers.tables import TextTable, match_header


def title_values(source: Source, table: TextTable, period: str) -> dict[str, str]:
    """The text of each field that is declared to stand above the header.

    Where the sender left it out, the period the file was delivered for takes its place.
    """
    values = dict.fromkeys((f.field for f in source.fields if f.is_title_fact), period)
    for fact in source.title_facts:
        for line in table.titles:
            found = re.search(fact.pattern, line, flags=re.IGNORECASE)
            if found:
                values[fact.field] = found.group(1)
    return values


def check_stated_period(
    con: duckdb.DuckDBPyConnection, source: Source, table: TextTable, period: str
) -> None:
    """Reject a file whose own date is another than the one it was delivered for (K02)."""
    if source.period_kind != "date":
        return
    for text in title_values(source, table, period).values():
        row = con.execute("select cast(as_date($text) as varchar)", {"text": text}).fetchone()
        stated = row[0] if row else None
        if stated != period:
            raise contract_rejection(
                "K02_other_period",
                file=table.file,
                stated=danish_day(stated) if stated else "en dato, der ikke kan læses",
                stated_en=danish_day(stated) if stated else "a date that cannot be read",
                period=danish_day(period),
            )


def check_totals(con: duckdb.DuckDBPyConnection, source: Source, table: TextTable) -> None:
    """Reject a file whose totals row is not the sum of its rows (K03).

    Call it after `conform_table`: the sum is over all typed rows, held back or not. Where an
    amount cannot be read the comparison would say nothing, and is left out.
    """
    if not source.total_field or table.totals is None or table.bad_rows:
        return
    mapping = match_header(table.header, wanted_headers(source)).mapping
    stated_text = table.totals[1][mapping[source.total_field]]
    if not stated_text.strip():  # a sum that nobody computed says nothing
        return
    row = con.execute(
        f"select as_kroner($text), sum(total), sum(without_one) from {TOTALS}",
        {"text": stated_text},
    ).fetchone()
    stated, found, unreadable = row if row else (None, None, 0)
    if unreadable:
        return
    if stated is None or Decimal(stated) != Decimal(found or 0):
        raise contract_rejection("K03_totals_disagree", file=table.file)
