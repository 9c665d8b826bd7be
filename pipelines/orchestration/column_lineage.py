"""Which columns a column is made from, read out of the SQL that dbt compiled.

sqlglot does the reading (dagster-dbt brings it). It takes two seconds for the whole project, so
what was found is kept beside dbt's own artefacts, and read again only where SQL or columns have
changed. It decorates: a statement that cannot be read has no lineage, and stops nothing.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipelines.durable import write_replacing

LOG = logging.getLogger(__name__)
FILE_NAME = "column_lineage.json"

Catalog = Mapping[str, Mapping[str, Mapping[str, str]]]
"""Schema, table, column to its type."""
Origins = Mapping[str, tuple[tuple[str, str, str], ...]]
"""A column to the columns it is made from: schema, table, column."""


def lineage_of_models(sql: Mapping[str, str], catalog: Catalog, kept: Path) -> dict[str, Origins]:
    """Read the lineage of compiled models.

    Args:
        sql: Each model's compiled SQL, by a name of its own.
        catalog: The columns of every table it may read, and of the models.
        kept: The file with what was read before.

    Returns:
        The models that could be read.
    """
    before = _read(kept)
    after = dict(before)
    told = json.dumps(catalog, sort_keys=True)
    for name, text in sql.items():
        stamp = hashlib.sha256(f"{text}\0{told}".encode()).hexdigest()
        if before.get(name, {}).get("stamp") != stamp:
            after[name] = {"stamp": stamp, "columns": _origins(name, text, catalog)}
    if after != before:
        write_replacing(kept, json.dumps(after).encode())
    return {
        name: {
            column: tuple((schema, table, source) for schema, table, source in origins)
            for column, origins in after[name]["columns"].items()
        }
        for name in sql
        if after[name]["columns"]
    }


def _read(kept: Path) -> dict[str, Any]:
    try:
        value = json.loads(kept.read_bytes())
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}


def _origins(name: str, text: str, catalog: Catalog) -> dict[str, list[list[str]]]:
    from sqlglot import exp, parse_one
    from sqlglot.lineage import lineage
    from sqlglot.optimizer.qualify import qualify
    from sqlglot.optimizer.scope import build_scope

    try:
        statement = parse_one(text, dialect="duckdb")
        for table in statement.find_all(exp.Table):
            table.set("catalog", None)  # the file's name
        query = qualify(
            statement,
            schema=dict(catalog),
            dialect="duckdb",
            validate_qualify_columns=False,
            identify=False,
        )
        nodes = lineage(
            None, query, {}, dialect="duckdb", scope=build_scope(query), trim_selects=False
        )
    except Exception as error:
        # the parser's own words quote the SQL; which model it was is enough
        LOG.warning("no column lineage of %s (%s)", name, type(error).__name__)
        return {}
    found: dict[str, list[list[str]]] = {}
    for column, node in nodes.items():
        origins = set()
        for leaf in node.walk():
            if leaf.downstream or not isinstance(leaf.expression, exp.Table):
                continue
            origins.add((leaf.expression.db, leaf.expression.name, leaf.name.rpartition(".")[2]))
        found[column] = [list(each) for each in sorted(origins)]
    return found
