"""The tables the warehouse keeps of itself, and how a schema grows without losing rows.

DDL of `raw.deliveries`, `raw.findings`, `raw.corrections` and `meta.build_info`; the sources' raw
tables come from their contracts. Writing rows is in `store`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import duckdb

Columns = Mapping[str, tuple[str, str, str]]
"""Column to its type and what it holds, in English and in Danish."""

DELIVERIES: Columns = {
    "delivery_id": (
        "varchar not null",
        "sha256 of the file, or of the folder's listing",
        "sha256 af filen eller af mappens fortegnelse",
    ),
    "source": (
        "varchar not null",
        "The contract it was delivered under",
        "Kontrakten, den er leveret under",
    ),
    "period": (
        "varchar not null",
        "Year of a wave, or date of an extract (ISO)",
        "Bølgens år eller udtrækkets dato (ISO)",
    ),
    "slot": (
        "varchar not null",
        "What a later delivery of the same slot supersedes",
        "Det, en senere leverance af samme slags erstatter",
    ),
    "version": (
        "integer",
        "1 for the first accepted of its slot; NULL if never accepted",
        "1 for den første, der blev godkendt på pladsen; tom, hvis den aldrig blev det",
    ),
    "file_name": (
        "varchar not null",
        "Name of the file or folder as delivered",
        "Filens eller mappens navn, som den blev leveret",
    ),
    "bytes": ("bigint not null", "Size of all files", "Alle filers størrelse"),
    "received_at": (
        "timestamp not null",
        "When it was archived (UTC)",
        "Hvornår den blev arkiveret (UTC)",
    ),
    "decided_at": (
        "timestamp",
        "When it was last accepted, rejected or withdrawn (UTC)",
        "Hvornår den sidst blev godkendt, afvist eller trukket tilbage (UTC)",
    ),
    "state": (
        "varchar not null",
        "received, accepted, quarantined (accepted in part), rejected, superseded, withdrawn, "
        "erased",
        "modtaget, godkendt, delvist godkendt, afvist, erstattet, trukket tilbage eller slettet; "
        "ordet i kolonnen er det engelske",
    ),
    "is_current": (
        "boolean not null",
        "The one of its slot that counts",
        "Om det er den, der gælder på sin plads",
    ),
    "is_synthetic": (
        "boolean not null",
        "Made up, by its sender's word or its name",
        "Opdigtet, ifølge afsenderen eller navnet",
    ),
    "provider": (
        "varchar",
        "Who delivered it, if said",
        "Hvem der har leveret den, hvis det er oplyst",
    ),
    "rows_read": ("bigint", "Rows found in the files", "Rækker fundet i filerne"),
    "rows_accepted": ("bigint", "Rows loaded", "Rækker indlæst"),
    "rows_quarantined": ("bigint", "Rows held back", "Rækker holdt tilbage"),
    "reason": (
        "varchar",
        "Why it was rejected or withdrawn",
        "Hvorfor den blev afvist eller trukket tilbage",
    ),
}

FINDINGS: Columns = {
    "delivery_id": (
        "varchar not null",
        "The delivery the finding is about",
        "Leverancen, fejlen er fundet i",
    ),
    "source": ("varchar not null", "Its source", "Dens kilde"),
    "period": ("varchar not null", "Its period", "Dens periode"),
    "file_name": ("varchar not null", "File inside the delivery", "Filen i leverancen"),
    "sheet": ("varchar", "Sheet, in workbooks", "Arket, når det er en projektmappe"),
    "row_number": (
        "bigint",
        "Row in the sender's file, from 1; NULL: the whole file",
        "Rækken i afsenderens fil, fra 1; tom: hele filen",
    ),
    "column_name": (
        "varchar",
        "Column as the sender calls it",
        "Kolonnen, som afsenderen kalder den",
    ),
    "rule": ("varchar not null", "Stable id of the rule", "Reglens faste nummer og navn"),
    "severity": (
        "varchar not null",
        "error: the row is held back; warning: it was loaded",
        "error: rækken er holdt tilbage; warning: den er indlæst",
    ),
    "message_da": (
        "varchar not null",
        "What to do about it, in Danish",
        "Hvad der er galt, og hvad der skal gøres, på dansk",
    ),
    "message_en": ("varchar not null", "The same in English", "Det samme på engelsk"),
}

CORRECTIONS: Columns = {
    "correction_id": (
        "varchar not null",
        "The entry in the source's corrections.yml",
        "Rettelsen i kildens corrections.yml",
    ),
    "delivery_id": (
        "varchar not null",
        "The delivery it was held against",
        "Leverancen, rettelsen er prøvet på",
    ),
    "source": ("varchar not null", "Its source", "Dens kilde"),
    "period": ("varchar not null", "Its period", "Dens periode"),
    "row_number": (
        "bigint",
        "Row in the sender's file; NULL where none was met",
        "Rækken i afsenderens fil; tom, hvis ingen række passede",
    ),
    "column_name": ("varchar not null", "The canonical field", "Feltets navn her"),
    "state": (
        "varchar not null",
        "applied, expired (the cell does not say what was expected), target_missing or "
        "not_applicable",
        "applied (anvendt), expired (cellen siger ikke det, der var ventet), target_missing (ingen "
        "række passede) eller not_applicable (gælder ikke leverancen)",
    ),
    "detail": ("varchar", "More on the state", "Mere om tilstanden"),
    "old_value": (
        "varchar",
        "What the cell was expected to say; never for a confidential field",
        "Det, der var ventet i cellen; aldrig for et fortroligt felt",
    ),
    "new_value": (
        "varchar",
        "What it says now; never for a confidential field",
        "Det, der står nu; aldrig for et fortroligt felt",
    ),
    "reason": ("varchar not null", "Why", "Hvorfor"),
    "provider": ("varchar not null", "Who said so", "Hvem der har oplyst det"),
    "corrected_on": ("date not null", "When it was decided", "Hvornår det blev besluttet"),
}

BUILD_INFO: Columns = {
    "key": ("varchar primary key", "What is said", "Hvad der oplyses"),
    "value": ("varchar not null", "Its value", "Oplysningen"),
}

OWN_TABLES: Mapping[str, tuple[str, str, Columns]] = {
    "raw.deliveries": (
        "One row per delivery ever received, from the ledger; all versions",
        "Én række pr. leverance, der nogensinde er modtaget, fra protokollen; alle versioner",
        DELIVERIES,
    ),
    "raw.findings": (
        "One row per finding on a delivery; no cell values",
        "Én række pr. fejl fundet i en leverance; aldrig indholdet af en celle",
        FINDINGS,
    ),
    "raw.corrections": (
        "One row per correction and row of a delivery that it met, or per delivery it did not meet",
        "Én række pr. rettelse og række, den ramte, eller pr. leverance, hvor den ingen ramte",
        CORRECTIONS,
    ),
    "meta.build_info": (
        "One row per fact about this build of the warehouse",
        "Én række pr. oplysning om denne udgave af lageret",
        BUILD_INFO,
    ),
}


class SchemaDriftError(RuntimeError):
    """A raw table stands with other column types than its contract now asks for.

    Added columns are added; anything else would silently change loaded rows, so the warehouse
    has to be built anew from the archive.
    """


def own_ddl() -> Iterator[str]:
    """Give every statement that makes the warehouse's own tables where they do not stand yet."""
    yield "create schema if not exists raw"
    yield "create schema if not exists meta"
    for table, (comment, _, columns) in OWN_TABLES.items():
        body = ", ".join(f"{name} {kind}" for name, (kind, _, _) in columns.items())
        yield f"create table if not exists {table} ({body})"
        yield f"comment on table {table} is {_literal(comment)}"
        for name, (_, text, _) in columns.items():
            yield f"comment on column {table}.{name} is {_literal(text)}"


def apply_ddl(con: duckdb.DuckDBPyConnection, ddl: Sequence[str]) -> None:
    """Make the tables that are missing and add the columns that are new.

    The statements are run in a scratch database first, and what stands is held against that, so
    the caller's `create table if not exists` is all there is to write when a contract grows.

    Raises:
        SchemaDriftError: If a column that stands has another type, or is no longer declared.
    """
    with duckdb.connect(":memory:") as scratch:
        for statement in ddl:
            scratch.execute(statement)
        wanted = _columns(scratch)
    standing = _columns(con)
    for table in wanted.keys() & standing.keys():
        _grow(con, table, standing[table], wanted[table])
    for statement in ddl:
        con.execute(statement)


def _grow(
    con: duckdb.DuckDBPyConnection,
    table: tuple[str, str],
    standing: Mapping[str, str],
    wanted: Mapping[str, str],
) -> None:
    name = ".".join(table)
    for column, kind in standing.items():
        if wanted.get(column) != kind:
            raise SchemaDriftError(
                f"{name}.{column} is {kind}, its contract says "
                f"{wanted.get(column, 'nothing of it')}: build the warehouse anew"
            )
    for column, kind in wanted.items():
        if column not in standing:
            con.execute(f'alter table {name} add column "{column}" {kind}')


def _columns(con: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], dict[str, str]]:
    found: dict[tuple[str, str], dict[str, str]] = {}
    rows = con.execute(
        "select schema_name, table_name, column_name, data_type from duckdb_columns() "
        "where database_name = current_database() and schema_name in ('raw', 'meta') "
        "order by all"
    ).fetchall()
    for schema, table, column, kind in rows:
        found.setdefault((schema, table), {})[column] = kind
    return found


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
