"""What dbt does for each node, as data: the statements it runs, and what they read.

The statements follow from the project's files alone, so dbt is asked for them once for each state
of the project (`dbt_recording`) and they are kept beside its manifest. A build runs the ones whose
inputs changed (`dbt_execution`) without dbt, which spends thirty milliseconds on each node before
DuckDB hears of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter, ValidationError

from pipelines.contracts.tables import raw_ddl
from pipelines.durable import write_replacing
from pipelines.orchestration.dbt_manifest import fingerprint
from pipelines.warehouse.lock import kernel_lock
from pipelines.warehouse.schema import own_ddl

Kind = Literal["model", "seed", "test"]
CATALOG = "monitor"
"""The name of the warehouse file, which dbt writes before every table."""
PROJECT = "{dbt_project}"
"""Stands for the project's folder in the statements, so that the folder may move."""
_CODE = hashlib.sha256(
    Path(__file__).read_bytes() + Path(__file__).with_name("dbt_recording.py").read_bytes()
).hexdigest()
"""Of what listens to dbt, as this process loaded it."""
_WAIT_SECONDS = 600.0
"""dbt takes a quarter of a minute; on a busy machine much more."""

_loaded: dict[tuple[Path, str], Plan] = {}


@dataclass(frozen=True)
class PlanNode:
    """One seed, model or test."""

    unique_id: str
    name: str
    kind: Kind
    relation: str
    """`schema.name` of the table or view it makes; of a test, of where failing rows are kept."""
    parents: tuple[str, ...]
    """The nodes and sources it reads."""
    statements: tuple[str, ...]
    """What makes it, in order; of a test the one query that counts what fails."""
    compiled: str
    """The compiled SQL; empty for a seed."""
    file_sha256: str = ""
    """The content of the file that a seed is loaded from."""
    severity: str = "error"
    """Of a test: whether it fails the build or warns."""


@dataclass(frozen=True)
class Plan:
    """All nodes of a state of the project."""

    stamp: str
    nodes: tuple[PlanNode, ...]
    sources: Mapping[str, str]
    """The relation of each source table."""

    @cached_property
    def tables(self) -> tuple[PlanNode, ...]:
        """Seeds and models, each after what it reads."""
        by_id = {node.unique_id: node for node in self.nodes if node.kind != "test"}
        order = TopologicalSorter(
            {i: [p for p in n.parents if p in by_id] for i, n in sorted(by_id.items())}
        )
        return tuple(by_id[unique_id] for unique_id in order.static_order())

    @cached_property
    def tests(self) -> tuple[PlanNode, ...]:
        """The tests."""
        return tuple(node for node in self.nodes if node.kind == "test")


def ensure_plan(dbt_dir: Path) -> Plan:
    """Give the plan of the project as it is, asking dbt for it if the kept one is another's.

    Raises:
        DbtParseError: If the project does not parse, or dbt cannot build it on no rows.
    """
    return kept_plan(dbt_dir) or _record(dbt_dir.resolve(), plan_stamp(dbt_dir.resolve()))


def kept_plan(dbt_dir: Path) -> Plan | None:
    """Give the plan of the project as it is, if there is one; dbt is not asked."""
    folder = dbt_dir.resolve()
    stamp = plan_stamp(folder)
    if (folder, stamp) not in _loaded and (found := _read(folder, stamp)):
        _loaded[folder, stamp] = found
    return _loaded.get((folder, stamp))


def plan_stamp(dbt_dir: Path) -> str:
    """Hash everything the plan depends on: the project, dbt, the raw tables, and our own code."""
    digest = hashlib.sha256(f"{_CODE}\n{fingerprint(dbt_dir)}\n".encode())
    for statement in (*own_ddl(), *raw_ddl()):
        digest.update(statement.encode() + b"\0")
    return digest.hexdigest()


def _record(folder: Path, stamp: str) -> Plan:
    target = folder / "target"
    target.mkdir(exist_ok=True)
    with kernel_lock(target / ".plan.lock", wait_seconds=_WAIT_SECONDS, purpose="dbt plan"):
        found = _read(folder, stamp)
        if found is None:
            from pipelines.orchestration.dbt_recording import record_plan

            found = record_plan(folder, stamp)
            write_replacing(_path(folder), TypeAdapter(Plan).dump_json(found))
    _loaded[folder, stamp] = found
    return found


def _read(folder: Path, stamp: str) -> Plan | None:
    try:
        kept = TypeAdapter(Plan).validate_json(_path(folder).read_bytes())
    except (FileNotFoundError, ValidationError):
        return None
    return kept if kept.stamp == stamp else None


def _path(folder: Path) -> Path:
    return folder / "target" / "plan.json"
