"""The SQL behind an indicator: its published model and all it is made of, down to staging.

Taken from dbt's manifest as it is written there; kept in a release as `models.json`, so that an
old figure is still explained by the SQL that made it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pipelines.release.folder import content_hash


@dataclass(frozen=True)
class ModelSql:
    """One model of the chain."""

    name: str
    layer: str
    path: str
    description: str
    sql: str
    tests: tuple[str, ...]


@dataclass(frozen=True)
class Chain:
    """An indicator's models from staging to published, and hashes of what decides its figures."""

    indicator_id: str
    models: tuple[str, ...]
    code: str
    """Hash of the models' SQL and of the macros they use."""
    reference: str
    """Hash of the seeds (reference data) they read."""
    seeds: tuple[str, ...]


@dataclass(frozen=True)
class Models:
    """All chains, with each model once."""

    chains: Mapping[str, Chain]
    sql: Mapping[str, ModelSql]
    macros: Mapping[str, str]

    def to_dict(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "chains": {key: asdict(chain) for key, chain in self.chains.items()},
            "models": {key: asdict(model) for key, model in self.sql.items()},
            "macros": dict(self.macros),
        }


def models_from(data: Any) -> Models:
    """Read what `Models.to_dict` gave."""
    return Models(
        chains={
            key: Chain(**{**c, "models": tuple(c["models"]), "seeds": tuple(c["seeds"])})
            for key, c in data["chains"].items()
        },
        sql={
            key: ModelSql(**{**m, "tests": tuple(m["tests"])}) for key, m in data["models"].items()
        },
        macros=data["macros"],
    )


def read_models(manifest: Path, published: Mapping[str, str]) -> Models:
    """Read the chains of indicators.

    Args:
        manifest: dbt's `manifest.json`.
        published: Indicator to the name of its published model.
    """
    graph = json.loads(manifest.read_text("utf-8"))
    nodes, macros = graph["nodes"], graph["macros"]
    by_name = {node["name"]: key for key, node in nodes.items() if key.startswith("model.")}
    tests = _tests(nodes)
    chains: dict[str, Chain] = {}
    kept: dict[str, ModelSql] = {}
    used_macros: dict[str, str] = {}
    for indicator_id, name in published.items():
        ordered = _ancestors(nodes, by_name[name])
        models = [key for key in ordered if key.startswith("model.")]
        seeds = [key for key in ordered if key.startswith("seed.")]
        its_macros = _macros(macros, (nodes[key] for key in models))
        used_macros |= its_macros
        for key in models:
            kept.setdefault(nodes[key]["name"], _model(nodes[key], tests.get(key, ())))
        chains[indicator_id] = Chain(
            indicator_id=indicator_id,
            models=tuple(nodes[key]["name"] for key in models),
            code=content_hash([[nodes[key]["raw_code"] for key in models], its_macros]),
            reference=content_hash({key: nodes[key]["checksum"]["checksum"] for key in seeds}),
            seeds=tuple(nodes[key]["name"] for key in seeds),
        )
    return Models(chains, kept, used_macros)


def _ancestors(nodes: Mapping[str, Any], last: str) -> list[str]:
    """A model after all it is made of; sources are left out."""
    ordered: list[str] = []

    def visit(key: str) -> None:
        if key in ordered or key not in nodes:
            return
        for before in sorted(nodes[key]["depends_on"].get("nodes", ())):
            visit(before)
        ordered.append(key)

    visit(last)
    return ordered


def _macros(macros: Mapping[str, Any], nodes: Any) -> dict[str, str]:
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
    return dict(sorted(found.items()))


def _tests(nodes: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Model to the names of the tests that look at it."""
    found: dict[str, list[str]] = {}
    for key, node in nodes.items():
        if key.startswith("test."):
            for looked_at in node["depends_on"]["nodes"]:
                found.setdefault(looked_at, []).append(node["name"])
    return {key: tuple(sorted(names)) for key, names in found.items()}


def _model(node: Any, tests: tuple[str, ...]) -> ModelSql:
    return ModelSql(
        name=node["name"],
        layer=node["schema"],
        path=node["original_file_path"],
        description=" ".join(node["description"].split()),
        sql=node["raw_code"].strip(),
        tests=tests,
    )
