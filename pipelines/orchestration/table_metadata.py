"""What Dagster shows of a table: row counts, column schema, where its columns come from.

Reads catalogs and counts, nothing else; a file or table that is not there gives no metadata.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb

from pipelines.orchestration.column_lineage import Catalog, Origins
from pipelines.warehouse.store import connect

TableName = tuple[str, str]
"""Schema and name."""


@dataclass(frozen=True)
class TableFacts:
    """Columns and rows of one table or view."""

    schema: dg.TableSchema
    rows: int

    def metadata(self) -> dict[str, Any]:
        """The facts under the keys Dagster's pages look for."""
        return {
            "dagster/row_count": self.rows,
            "rows": self.rows,  # this one is plotted
            "dagster/column_schema": self.schema,
        }


def describe(database: Path, tables: Collection[TableName]) -> dict[TableName, TableFacts]:
    """Read columns, comments and row counts of those of the tables that exist."""
    if not database.is_file() or not tables:
        return {}
    with connect(database, read_only=True) as con:
        columns = _columns(con)
        return {
            table: TableFacts(dg.TableSchema(columns=columns[table]), _count(con, table))
            for table in tables
            if table in columns
        }


def catalog_of(database: Path) -> Catalog:
    """Read every table's and view's columns with their types."""
    catalog: dict[str, dict[str, dict[str, str]]] = {}
    with connect(database, read_only=True) as con:
        for (schema, table), columns in _columns(con).items():
            catalog.setdefault(schema, {})[table] = {c.name: c.type for c in columns}
    return catalog


def lineage_metadata(origins: Origins) -> dict[str, Any]:
    """Columns and the columns they are made from, under the key Dagster looks for, and in words."""
    if not origins:
        return {}
    told = (
        (column, ", ".join(f"{schema}.{table}.{source}" for schema, table, source in each) or "-")
        for column, each in origins.items()
    )
    return {
        # the UI without a subscription does not draw the other one
        "columns are made from": dg.MetadataValue.md(markdown_table(("column", "from"), told)),
        "dagster/column_lineage": dg.TableColumnLineage(
            {
                column: [
                    dg.TableColumnDep(dg.AssetKey([schema, table]), source)
                    for schema, table, source in each
                ]
                for column, each in origins.items()
            }
        ),
    }


def rows_by_period(database: Path, table: TableName) -> Mapping[str, int]:
    """Count a raw table's rows in each period, all versions together."""
    with connect(database, read_only=True) as con:
        found = con.execute(
            f"select period, count(*) from {_name(table)} group by period"
        ).fetchall()
    return dict(found)


def _columns(con: duckdb.DuckDBPyConnection) -> dict[TableName, list[dg.TableColumn]]:
    columns: dict[TableName, list[dg.TableColumn]] = {}
    for schema, table, name, kind, is_nullable, comment in con.execute(
        "select schema_name, table_name, column_name, data_type, is_nullable, comment "
        "from duckdb_columns() where not internal order by column_index"
    ).fetchall():
        columns.setdefault((schema, table), []).append(
            dg.TableColumn(
                name,
                kind,
                description=comment,
                constraints=dg.TableColumnConstraints(nullable=is_nullable),
            )
        )
    return columns


def _count(con: duckdb.DuckDBPyConnection, table: TableName) -> int:
    row = con.execute(f"select count(*) from {_name(table)}").fetchone()
    return int(row[0]) if row else 0


def _name(table: TableName) -> str:
    return ".".join('"' + part.replace('"', '""') + '"' for part in table)


def markdown_table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """Write a table for Dagster's markdown metadata; cells are escaped and kept short."""
    titles = list(head)
    lines = [_line(titles), _line("---" for _ in titles)]
    lines.extend(_line(row) for row in rows)
    return "\n".join(lines)


def _line(cells: Iterable[object]) -> str:
    texts = ("" if cell is None else str(cell) for cell in cells)
    return "| " + " | ".join(t.replace("|", "\\|").replace("\n", " ")[:300] for t in texts) + " |"
