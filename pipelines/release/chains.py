"""Reads the chains of the indicators from dbt's manifest, its compiled SQL and the seeds.

A chain is told from the published model back to what was received, for that is how a reader asks.
What only names and orders (the label tables, and what they alone are made of) stands last: it
cannot make a figure another one, so it is no cause of a revision either.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from pipelines.release.folder import content_hash
from pipelines.release.models import Chain, Models, ModelSql

_LOOKUP: Final = "dim_"
_ABOUT: Final = "indicator_id"
"""A seed with this column counts with the rows of the indicator alone."""
_TEXTS: Final = frozenset({"indicator_catalogue"})
"""What an indicator is called and defined as: a release compares that itself."""
_COMMENT: Final = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)


def read_models(
    manifest: Path, published: Mapping[str, str], compiled: Mapping[str, str], dbt_dir: Path
) -> Models:
    """Read the chains of indicators.

    Args:
        manifest: dbt's `manifest.json`.
        published: Indicator to the name of its published model.
        compiled: Model to the SQL that dbt makes of it.
        dbt_dir: The dbt project, where the seeds' files are.
    """
    graph = json.loads(manifest.read_text("utf-8"))
    nodes, macros = graph["nodes"], graph["macros"]
    by_name = {node["name"]: key for key, node in nodes.items() if key.startswith("model.")}
    tests = _tests(nodes)
    chains: dict[str, Chain] = {}
    kept: dict[str, ModelSql] = {}
    used_macros: dict[str, str] = {}
    rows: dict[str, list[dict[str, str]]] = {}
    for indicator_id, name in published.items():
        counted = _back_from(nodes, by_name[name], is_lookup_followed=False)
        everything = _back_from(nodes, by_name[name], is_lookup_followed=True)
        models = [key for key in counted if key.startswith("model.")]
        lookups = [k for k in everything if k.startswith("model.") and k not in counted]
        seeds = [key for key in everything if key.startswith("seed.")]
        used_macros |= _macros(macros, (nodes[key] for key in (*models, *lookups)))
        for key in (*models, *lookups):
            kept.setdefault(nodes[key]["name"], _model(nodes[key], compiled, tests.get(key, ())))
        for key in seeds:
            rows.setdefault(key, _rows(dbt_dir / nodes[key]["original_file_path"]))
        chains[indicator_id] = Chain(
            indicator_id=indicator_id,
            models=tuple(nodes[key]["name"] for key in models),
            lookups=tuple(nodes[key]["name"] for key in lookups),
            code={nodes[key]["name"]: _code(compiled[nodes[key]["name"]]) for key in models},
            reference={
                nodes[key]["name"]: content_hash(_about(rows[key], indicator_id))
                for key in seeds
                if key in counted and nodes[key]["name"] not in _TEXTS
            },
            seeds=tuple(nodes[key]["name"] for key in seeds),
        )
    return Models(chains, kept, dict(sorted(used_macros.items())))


def _back_from(nodes: Mapping[str, Any], first: str, *, is_lookup_followed: bool) -> list[str]:
    """A node and all it is made of, each before what it is made of; sources are left out."""
    ordered: list[str] = []

    def visit(key: str) -> None:
        is_lookup = nodes.get(key, {}).get("name", "").startswith(_LOOKUP)
        if key in ordered or key not in nodes or (is_lookup and not is_lookup_followed):
            return
        for before in sorted(nodes[key]["depends_on"].get("nodes", ()), reverse=True):
            visit(before)
        ordered.append(key)

    visit(first)
    return ordered[::-1]


def _code(sql: str) -> str:
    return content_hash(" ".join(_COMMENT.sub(" ", sql).split()))


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _about(rows: list[dict[str, str]], indicator_id: str) -> list[dict[str, str]]:
    return [row for row in rows if row.get(_ABOUT, indicator_id) == indicator_id]


def _macros(macros: Mapping[str, Any], nodes: Iterable[Any]) -> dict[str, str]:
    """The project's own macros that some nodes use, directly or through others."""
    project = {key: value for key, value in macros.items() if key.startswith("macro.monitor.")}
    waiting = [key for node in nodes for key in node["depends_on"]["macros"]]
    found: dict[str, str] = {}
    while waiting:
        key = waiting.pop()
        if key not in project or project[key]["name"] in found:
            continue
        found[project[key]["name"]] = project[key]["macro_sql"].strip()
        waiting += project[key]["depends_on"]["macros"]
    return found


def _tests(nodes: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Model to the names of the tests that look at it."""
    found: dict[str, list[str]] = {}
    for key, node in nodes.items():
        if key.startswith("test."):
            for looked_at in node["depends_on"]["nodes"]:
                found.setdefault(looked_at, []).append(node["name"])
    return {key: tuple(sorted(names)) for key, names in found.items()}


def _model(node: Any, compiled: Mapping[str, str], tests: tuple[str, ...]) -> ModelSql:
    return ModelSql(
        name=node["name"],
        layer=node["schema"],
        path=node["original_file_path"],
        description=" ".join(node["description"].split()),
        sql=compiled[node["name"]],
        written=node["raw_code"].strip(),
        tests=tests,
    )
