"""Ask dbt what it does: it builds the project on raw tables without rows, and tells its statements.

dbt names every statement that it sends to the database, with the node it is for. Those that make
something are kept; its looks into the catalogue, and its way of putting a new table in an old
one's place, are not. No macro of the project looks into the database, so what dbt does for no rows
is what it does for any.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import duckdb

from pipelines.contracts.tables import raw_ddl
from pipelines.orchestration.dbt_manifest import (
    WAREHOUSE_ENV,
    DbtParseError,
    common_flags,
    environment,
    load_manifest,
)
from pipelines.orchestration.dbt_plan import CATALOG, PROJECT, Kind, Plan, PlanNode
from pipelines.orchestration.dbt_runner import let_go_of_duckdb
from pipelines.warehouse.schema import apply_ddl, own_ddl
from pipelines.warehouse.store import new_database

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

_KINDS: Final[dict[str, Kind]] = {"model": "model", "seed": "seed", "test": "test"}
_MAKES_SOMETHING: Final = frozenset(
    {
        duckdb.StatementType.CREATE,
        duckdb.StatementType.INSERT,
        duckdb.StatementType.ALTER,
        duckdb.StatementType.COPY,
    }
)
_DBT_COMMENT = re.compile(r"\A\s*/\*.*?\*/\s*", re.DOTALL)
_ABRIDGED, _MOST_TOLD = "...", 512
"""dbt tells of what it loads a seed with no more than so many characters, and then this."""
_COMMANDS: Final = (
    ("build", "--exclude-resource-types", "test", "unit_test"),
    # apart, and all of them: on no rows some fail, and in a build what follows would be left out
    ("test", "--exclude-resource-types", "unit_test"),
)


class _Ear:
    """Hears what dbt tells of itself while it works: here, the statements of each node."""

    def __init__(self) -> None:
        self.statements: dict[str, list[str]] = {}

    def __call__(self, event: Any) -> None:
        if event.info.name == "SQLQuery":
            self.statements.setdefault(event.data.node_info.unique_id, []).append(event.data.sql)


def record_plan(folder: Path, stamp: str) -> Plan:
    """Build the project on empty raw tables with dbt, and give what it did.

    Raises:
        DbtParseError: If the project does not parse, or a node cannot be built.
    """
    from dbt.cli.main import dbtRunner

    manifest = load_manifest(folder)
    ear, compiled = _Ear(), {}
    with tempfile.TemporaryDirectory(prefix="monitor-dbt-") as place:
        database = Path(place) / f"{CATALOG}.duckdb"
        new_database(database)
        with duckdb.connect(str(database)) as con:
            apply_ddl(con, (*own_ddl(), *raw_ddl()))
        flags = [*common_flags(folder)[:-1], place, "--log-path", place, "--no-write-json"]
        try:
            with environment({WAREHOUSE_ENV: str(database)}):
                for command in _COMMANDS:
                    outcome = dbtRunner(manifest=manifest, callbacks=[ear]).invoke(
                        [*command, *flags]
                    )
                    results = getattr(outcome.result, "results", None) or ()
                    _insist(folder, outcome.exception, results)
                    for each in results:
                        node = each.node
                        compiled[node.unique_id] = getattr(node, "compiled_code", None) or ""
        finally:
            let_go_of_duckdb()
    nodes = _nodes(folder, manifest, ear.statements, compiled)
    sources = {s.unique_id: f"{s.schema}.{s.identifier}" for s in manifest.sources.values()}
    return Plan(stamp, tuple(nodes), sources)


def _insist(folder: Path, exception: BaseException | None, results: Any) -> None:
    wrong = [each for each in results if str(each.status) in ("error", "skipped")]
    if wrong or not results:
        why = wrong[0].message if wrong else exception
        raise DbtParseError(f"dbt cannot build {folder.name} on no rows: {why}")


def _nodes(
    folder: Path,
    manifest: Manifest,
    statements: dict[str, list[str]],
    compiled: dict[str, str],
) -> Iterator[PlanNode]:
    for unique_id, node in sorted(manifest.nodes.items()):
        kind = _KINDS.get(str(node.resource_type))
        if kind is None or unique_id not in compiled:
            continue
        told = [_whole(each) for each in statements.get(unique_id, ())]
        own = compiled[unique_id].strip()
        # beside its one query, dbt looks into the catalogue for a test
        kept = [s for s in told if own in s] if kind == "test" else [s for s in told if _makes(s)]
        if not kept or (kind == "test" and len(kept) > 1):
            raise DbtParseError(f"dbt told {len(kept)} statements of {node.name}")
        is_seed = kind == "seed"
        # dbt writes where the project was when it was parsed, which need not be where it is now
        parsed_in = str(getattr(node, "root_path", None) or folder)
        file = folder / node.original_file_path
        yield PlanNode(
            unique_id=unique_id,
            name=node.name,
            kind=kind,
            relation=f"{node.schema}.{node.alias}",
            parents=tuple(sorted(set(getattr(node.depends_on, "nodes", ())))),
            statements=tuple(each.replace(parsed_in, PROJECT) for each in kept),
            compiled=own,
            file_sha256=hashlib.sha256(file.read_bytes()).hexdigest() if is_seed else "",
            severity=str(getattr(node.config, "severity", "error")).lower(),
        )


def _whole(told: str) -> str:
    """A statement without dbt's comment before it."""
    if told.endswith(_ABRIDGED):
        told = told.removesuffix(_ABRIDGED)
        if len(told) >= _MOST_TOLD:
            raise DbtParseError(f"dbt tells only the beginning of {told[:60]!r}")
    return _DBT_COMMENT.sub("", told).strip()


def _makes(statement: str) -> bool:
    return any(each.type in _MAKES_SOMETHING for each in duckdb.extract_statements(statement))
