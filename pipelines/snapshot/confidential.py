"""Which tables of the warehouse rest on answers: what the contracts say, through dbt's graph.

A row, a filter or a count may tell of an answer as well as a column does; so a table that rests on
a raw table with any field that is not public is confidential as a whole. So is one that rests on
what the intake says of single rows, whichever source they are of.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pipelines.contracts.loader import load_source, source_names
from pipelines.contracts.model import Confidentiality

TableName = tuple[str, str]
TELL_OF_ROWS = frozenset({"findings", "corrections"})


def confidential_raw_tables() -> frozenset[str]:
    """The raw tables with a field that is not public, and those that tell of rows of them."""
    sources = [load_source(name) for name in source_names()]
    return TELL_OF_ROWS | {
        source.table
        for source in sources
        if any(field.confidentiality is not Confidentiality.PUBLIC for field in source.fields)
    }


def confidential_tables(manifest: Path) -> frozenset[TableName]:
    """Every table that rests on one of them, by schema and name; the raw tables are among them.

    Args:
        manifest: dbt's manifest, as JSON.
    """
    told: Mapping[str, Any] = json.loads(manifest.read_bytes())
    raw = confidential_raw_tables()
    found = {key for key, each in told["sources"].items() if each["name"] in raw}
    children: Mapping[str, Sequence[str]] = told["child_map"]
    waiting = list(found)
    while waiting:
        new = [key for key in children.get(waiting.pop(), ()) if key not in found]
        found.update(new)
        waiting += new
    nodes = {**told["nodes"], **told["sources"]}
    return frozenset((nodes[k]["schema"], nodes[k]["name"]) for k in found if k in nodes)
