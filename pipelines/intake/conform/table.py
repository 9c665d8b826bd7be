"""Apply a contract to one table: typed rows, findings, and which rows are held back.

All rules run as SQL over the whole table, so that ten million rows cost a few scans; only the
findings themselves come back to Python. The text of a row that is held back stays with the
sender's file: a finding says where, never what.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import duckdb
import pandas as pd

from pipelines.contracts.model import Confidentiality, Field, FieldType, Source
from pipelines.contracts.parsing import MACROS, parse_sql
from pipelines.intake.conform.cell_checks import cell_checks
from pipelines.intake.conform.headings import column_left_out
from pipelines.intake.conform.messages import CONTRACT_RULES, NUMBER_FORMS, contract_finding
from pipelines.intake.findings import Finding
from pipelines.intake.readers.tables import TextTable, match_header

ACCEPTED = "conformed_accepted"
"""The temporary table with the accepted rows: row_number, period and the loaded fields."""

FINDINGS_PER_RULE = 1000
"""A file whose every row is wrong says so a thousand times, not ten million times."""


@dataclass(frozen=True, slots=True)
class Conformed:
    """What a contract made of a table; the accepted rows wait in the table `ACCEPTED`."""

    rows_read: int
    rows_accepted: int
    findings: tuple[Finding, ...]

    @property
    def rows_quarantined(self) -> int:
        """Rows held back."""
        return self.rows_read - self.rows_accepted


def prepare_connection(con: duckdb.DuckDBPyConnection, source: Source) -> None:
    """Put the parsing macros and the source's code lists into the connection."""
    for macro in MACROS:
        con.execute(macro)
    spellings = pd.DataFrame(
        [(c.codelist, s, c.code) for c in source.codes for s in c.spellings],
        columns=["codelist", "spelling", "code"],
    )
    con.register("spellings_frame", spellings)
    con.execute(
        "create or replace temp table code_spellings as "
        "select distinct codelist, spelling_of(spelling) as spelling, code from spellings_frame"
    )
    con.unregister("spellings_frame")


def wanted_headers(source: Source) -> dict[str, tuple[str, ...]]:
    """Canonical field to the headings it may have, for the readers."""
    return {f.field: _headings(f) for f in source.fields if not f.is_title_fact}


def required_headers(source: Source) -> dict[str, tuple[str, ...]]:
    """The headings without which a file is rejected."""
    return {
        f.field: _headings(f) for f in source.loaded_fields if f.required and not f.is_title_fact
    }


def _headings(field: Field) -> tuple[str, ...]:
    return (field.header or field.field, *field.aliases)


def conform_table(
    con: duckdb.DuckDBPyConnection,
    source: Source,
    table: TextTable,
    period: str,
    title_values: Mapping[str, str],
) -> Conformed:
    """Type, check and split a table; the accepted rows are left in the temporary table.

    Args:
        con: A connection that `prepare_connection` has prepared for the source.
        source: The contract.
        table: The delivered table as text.
        period: The delivery's wave, year or date; rules may use it as a column.
        title_values: Text of the fields that stand above the header, by field.

    Raises:
        DeliveryRejected: a required column is missing or stands there twice.
    """
    names = wanted_headers(source)
    match = match_header(table.header, names).require(
        table.header, required_headers(source), table.file
    )
    findings = [*table.findings, *_column_findings(source, table, match.mapping, match.unknown)]
    _load_text(con, source, table, match.mapping, title_values)
    _type_rows(con, source, period)
    _apply_rules(con, source, sorted(table.rows_with_errors))
    _hold_groups_back(con, source, _texts_of_bad_rows(table))
    _accept(con, source)
    findings.extend(_broken_findings(con, source, table, match.mapping))
    accepted = con.execute(f"select count(*) from {ACCEPTED}").fetchone()
    return Conformed(table.rows_read, accepted[0] if accepted else 0, tuple(findings))


def _column_findings(
    source: Source,
    table: TextTable,
    mapping: Mapping[str, int],
    unknown: Sequence[tuple[int, str]],
) -> Iterator[Finding]:
    for index, _ in unknown:
        yield column_left_out(table, index)
    for field in source.fields:
        if field.confidentiality is Confidentiality.PERSONAL and field.field in mapping:
            yield column_left_out(table, mapping[field.field], is_personal=True)


def _load_text(
    con: duckdb.DuckDBPyConnection,
    source: Source,
    table: TextTable,
    mapping: Mapping[str, int],
    title_values: Mapping[str, str],
) -> None:
    """Text of the loaded fields only: what is cut off at the gate never reaches DuckDB."""
    columns: dict[str, object] = {"row_number": [number for number, _ in table.rows]}
    for field in source.loaded_fields:
        if field.is_title_fact:
            columns[field.field] = [title_values.get(field.field)] * len(table.rows)
        elif field.field in mapping:
            columns[field.field] = table.column(mapping[field.field])
        else:
            columns[field.field] = [None] * len(table.rows)
    types = {f.field: "str" for f in source.loaded_fields} | {"row_number": "int64"}
    con.register("text_frame", pd.DataFrame(columns).astype(types))
    con.execute("create or replace temp table text_rows as select * from text_frame")
    con.unregister("text_frame")


def _type_rows(con: duckdb.DuckDBPyConnection, source: Source, period: str) -> None:
    parsed = ", ".join(f"{parse_sql(f, 't.' + f.field)} as {f.field}" for f in source.loaded_fields)
    con.execute(
        "create or replace temp table typed_rows as "
        f"select t.row_number, cast($period as varchar) as period, {parsed} from text_rows t",
        {"period": period},
    )


def _apply_rules(con: duckdb.DuckDBPyConnection, source: Source, unreadable: list[int]) -> None:
    """Fill broken_rows (row_number, field, rule, severity): every breach there is."""
    con.execute(
        "create or replace temp table broken_rows as "
        "select cast(unnest($rows) as bigint) as row_number, null::varchar as field, "
        "'unreadable' as rule, 'error' as severity",
        {"rows": unreadable},
    )
    for field, rule, condition in cell_checks(source):
        con.execute(
            f"insert into broken_rows select t.row_number, '{field}', '{rule}', 'error' "
            f"from text_rows t join typed_rows y using (row_number) where {condition}"
        )
    for declared in source.rules:
        con.execute(
            "insert into broken_rows "
            f"select row_number, '{declared.column}', '{declared.id}', '{declared.severity}' "
            f"from (select row_number, ({declared.sql}) as broken from typed_rows) where broken"
        )


def _texts_of_bad_rows(table: TextTable) -> list[str]:
    """Every cell of the rows whose cells cannot be told apart, in whatever column it stands."""
    return sorted(
        {
            part
            for _, cells in table.bad_rows
            for cell in cells
            for part in (cell.split(table.delimiter) if table.delimiter else [cell])
        }
    )


def _hold_groups_back(con: duckdb.DuckDBPyConnection, source: Source, bad_texts: list[str]) -> None:
    """Hold back each group with a broken row, also with one whose cells cannot be told apart."""
    if not source.quarantine_unit:
        return
    unit = ", ".join(source.quarantine_unit)
    broken = "(select b.row_number from broken_rows b where b.severity = 'error')"
    texts = "(select clean(x) from unnest($texts) as b(x) where clean(x) is not null)"
    seen = " and ".join(f"{field} in {texts}" for field in source.quarantine_unit)
    con.execute(
        "insert into broken_rows "
        f"select row_number, '{source.quarantine_unit[0]}', 'C06_held_back_with_its_group', "
        f"'error' from typed_rows where row_number not in {broken} and ({seen} or "
        f"({unit}) in (select ({unit}) from typed_rows where row_number in {broken}))",
        {"texts": bad_texts},
    )


def _accept(con: duckdb.DuckDBPyConnection, source: Source) -> None:
    columns = ", ".join(["row_number", "period", *(f.field for f in source.loaded_fields)])
    con.execute(
        f"create or replace temp table {ACCEPTED} as select {columns} from typed_rows "
        "where row_number not in "
        "(select b.row_number from broken_rows b where b.severity = 'error') order by row_number"
    )


def _broken_findings(
    con: duckdb.DuckDBPyConnection, source: Source, table: TextTable, mapping: Mapping[str, int]
) -> Iterator[Finding]:
    rows = con.execute(
        "select row_number, field, rule from broken_rows where rule <> 'unreadable' "
        # a warning is about a row that was loaded
        "and (severity = 'error' or row_number not in "
        "(select b.row_number from broken_rows b where b.severity = 'error')) "
        "qualify row_number() over (partition by field, rule order by row_number) <= $most "
        "order by row_number, field, rule",
        {"most": FINDINGS_PER_RULE},
    ).fetchall()
    cells = dict(table.rows) if rows else {}
    told = {(f.row, f.column) for f in table.findings if f.severity == "error"}
    declared = {rule.id: rule for rule in source.rules}
    for row_number, name, rule in rows:
        field = source.field(name)
        column = table.header[mapping[name]].strip() if name in mapping else _headings(field)[0]
        if (row_number, column) in told:
            continue  # the reader has said what is wrong with the cell
        if rule in declared:
            entry = declared[rule]
            yield Finding(
                table.file,
                table.sheet,
                row_number,
                column,
                rule,
                entry.severity,
                entry.message_da,
                entry.message_en,
            )
        else:
            text = cells[row_number][mapping[name]] if name in mapping else ""
            yield contract_finding(
                rule,
                file=table.file,
                sheet=table.sheet,
                row=row_number,
                column=column,
                **_details(source, field, rule, text),
            )


def _details(source: Source, field: Field, rule: str, text: str) -> Mapping[str, object]:
    """What a message template of a cell rule needs; the text only serves to find a proposal."""
    if rule not in CONTRACT_RULES:
        raise KeyError(rule)
    proposal = _nearest(source, field, text) if rule == "C04_unknown_code" else ""
    expected, expected_en = NUMBER_FORMS.get(field.type, ("", ""))
    return {
        "label": field.label_da,
        "expected": expected,
        "expected_en": expected_en,
        "minimum": _shown(field, field.minimum),
        "maximum": _shown(field, field.maximum),
        "proposal_da": f" Mente du »{proposal}«?" if proposal else "",
        "proposal_en": f" Did you mean “{proposal}”?" if proposal else "",
    }


def _shown(field: Field, limit: str) -> str:
    if field.type is FieldType.DATE and limit:
        year, month, day = limit.split("-")
        return f"{day}-{month}-{year}"
    if field.type in (FieldType.INTEGER, FieldType.KRONER, FieldType.DECIMAL) and limit:
        return f"{int(limit):,}".replace(",", ".")
    return limit or "…"


def _nearest(source: Source, field: Field, text: str) -> str:
    """The label of the code list that looks most like the text; empty when none does."""
    by_spelling = {s.casefold(): c for c in source.codes_of(field.codelist) for s in c.spellings}
    near = difflib.get_close_matches(text.strip().casefold(), list(by_spelling), n=1, cutoff=0.6)
    return by_spelling[near[0]].label_da if near else ""
