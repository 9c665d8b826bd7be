"""What a warehouse's tables were made from: kept inside it, so that it goes live with them.

A table carries two hashes. Its key is of all that decides what it holds: the statements that make
it, and the contents of the tables they read. Its contents are of the rows themselves, so that a
table that comes out the same again is no reason to make what follows from it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import duckdb

from pipelines.warehouse.rows import insert_rows

_DDL = (
    "create schema if not exists meta",
    # no primary key: where a commit fails on a full disk, DuckDB would end the process for it
    "create table if not exists meta.made (node varchar not null, relation varchar not null, "
    "key varchar not null, contents varchar not null, made_at timestamp not null, result varchar)",
    "comment on table meta.made is 'One row per table, view or test of the dbt project, with "
    "hashes of what it was made from and of what it holds'",
)


@dataclass(frozen=True)
class Made:
    """One table, view or test as it was last made or run."""

    relation: str
    """`schema.name` of what it makes; of a test, of where failing rows are kept."""
    key: str
    """Of what it was made from."""
    contents: str
    """Of what it holds; of a test empty."""
    made_at: datetime
    """Naive, in UTC."""
    result: str | None = None
    """What a test found, as JSON."""


def read_made(con: duckdb.DuckDBPyConnection) -> dict[str, Made]:
    """What is known of each node; nothing of a database that was not made this way."""
    for statement in _DDL:
        con.execute(statement)
    rows = con.execute(
        "select node, relation, key, contents, made_at, result from meta.made"
    ).fetchall()
    return {node: Made(*rest) for node, *rest in rows}


def write_made(con: duckdb.DuckDBPyConnection, made: Mapping[str, Made]) -> None:
    """Write down nodes that were made or run."""
    forget_made(con, made)
    insert_rows(
        con,
        "meta.made",
        ("node", "relation", "key", "contents", "made_at", "result"),
        [(n, m.relation, m.key, m.contents, m.made_at, m.result) for n, m in made.items()],
    )


def forget_made(con: duckdb.DuckDBPyConnection, nodes: Collection[str]) -> None:
    """Forget nodes, so that they are made anew."""
    con.execute("delete from meta.made where list_contains(?, node)", [sorted(nodes)])


def standing_relations(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Every table and view as `schema.name`, and which of the two it is."""
    rows = con.execute(
        "select schema_name || '.' || table_name, 'table' from duckdb_tables() "
        "where database_name = current_database() union all "
        "select schema_name || '.' || view_name, 'view' from duckdb_views() "
        "where database_name = current_database() and not internal"
    ).fetchall()
    return dict(rows)


def quoted(relation: str) -> str:
    """A relation's name as it stands in SQL."""
    return ".".join(map(quoted_name, relation.split(".")))


def quoted_name(name: str) -> str:
    """A column's name, or a part of a relation's, as it stands in SQL."""
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


def contents_of(con: duckdb.DuckDBPyConnection, relation: str) -> str:
    """Hash columns and rows of a table or view, in whatever order the rows stand."""
    return contents_of_query(con, f"select * from {quoted(relation)}")


def contents_of_query(con: duckdb.DuckDBPyConnection, query: str) -> str:
    """Hash columns and rows of a query, in whatever order the rows stand.

    The sum of the rows' hashes is taken, in which a row that is there twice counts twice.
    """
    columns = con.execute(f"describe {query}").fetchall()
    shape = ",".join(f"{column[0]} {column[1]}" for column in columns)
    told = [f"{text} as {name}" for name, text in map(_as_text, columns) if text]
    every = f"* replace ({', '.join(told)})" if told else "*"
    found = con.execute(
        "select count(*), coalesce(sum(hash(held)), 0), hash($shape) "
        f"from (select {every} from ({query})) as held",
        {"shape": shape},
    ).fetchone()
    count, rows, shaped = found if found else (0, 0, 0)
    return f"{count}:{rows:x}:{shaped:x}"


def _as_text(column: Sequence[Any]) -> tuple[str, str]:
    """A column's name as it stands in SQL, and its values as text where DuckDB's hash will not do.

    It is the same of an empty list, of one that holds nothing but a null, and of no list; and of
    0 and -0, which are written differently.
    """
    name, kind = quoted_name(str(column[0])), str(column[1])
    if kind in ("DOUBLE", "FLOAT"):
        return name, f"cast({name} as varchar)"
    is_nested = kind.endswith("]") or kind.startswith(("STRUCT(", "MAP(", "UNION("))
    return name, f"cast(to_json({name}) as varchar)" if is_nested else ""


def moment() -> datetime:
    """The present as it is written down here."""
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)
