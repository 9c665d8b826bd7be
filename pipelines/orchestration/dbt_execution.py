"""Build what changed: run dbt's statements for the nodes whose inputs are others than last time.

A build copy begins as the live warehouse, so it holds every table that was made before and says
what each was made from (`warehouse.made`). A node is made again when its statements, DuckDB or the
contents of what it reads are others; a test is asked again then, and its last answer stands
otherwise. From an empty database that is everything.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import duckdb

from pipelines.orchestration.dbt_outcome import DbtNodeResult, DbtOutcome
from pipelines.orchestration.dbt_plan import CATALOG, PROJECT, Plan, PlanNode, ensure_plan
from pipelines.warehouse.file_format import CONFIG, STORAGE_VERSION
from pipelines.warehouse.made import (
    Made,
    contents_of,
    forget_made,
    moment,
    quoted,
    read_made,
    standing_relations,
    write_made,
)
from pipelines.warehouse.threads import fit_threads

_CODE = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()
"""Of what runs the statements, as this process loaded it."""
_CONFIG = {**CONFIG, "storage_compatibility_version": STORAGE_VERSION}


class _StatementFailedError(Exception):
    """A statement failed, and has undone the transaction that all share."""


def build(dbt_dir: Path, database: Path, only: Collection[str] | None = None) -> DbtOutcome:
    """Make every seed and model that is not as it should be, and ask the tests it concerns.

    Args:
        dbt_dir: The dbt project.
        database: The file to build in.
        only: The names of the nodes that may be made or asked; all when not given.

    Returns:
        What became of each node, as dbt would say it. A node that fails is a result, not an
        exception; what reads it is skipped.

    Raises:
        DbtParseError: If the project does not parse.
    """
    plan, results = ensure_plan(dbt_dir), []
    try:
        with duckdb.connect(str(database), config=_CONFIG) as con:
            fit_threads(con)
            try:
                # one transaction for all: flushed node by node it takes nearly twice as long
                con.begin()
                results = _Building(con, plan, dbt_dir, database.stem, only, is_shared=True).run()
                con.commit()
            except _StatementFailedError:
                con.rollback()
                # again, each by itself, so that all is told and what is made can be looked at
                results = _Building(con, plan, dbt_dir, database.stem, only, is_shared=False).run()
    except duckdb.Error as error:
        return DbtOutcome(success=False, nodes=tuple(results), error=str(error))
    return DbtOutcome(not any(each.is_failed for each in results), tuple(results), None)


class _Building:
    """One pass over the plan."""

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        plan: Plan,
        dbt_dir: Path,
        catalog: str,
        only: Collection[str] | None,
        *,
        is_shared: bool,
    ) -> None:
        self.con, self.plan, self.only, self.is_shared = con, plan, only, is_shared
        self.folder, self.catalog = str(dbt_dir.resolve()), catalog
        self.before = read_made(con)
        self.standing = standing_relations(con)
        self.contents: dict[str, str] = {}
        """What each node or source holds now."""
        self.news: dict[str, Made] = {}
        self.lost: set[str] = set()
        """Nodes that failed, and those skipped for it."""

    def run(self) -> list[DbtNodeResult]:
        """Make and ask everything, in order."""
        self._drop_what_is_no_more()
        for source, relation in sorted(self.plan.sources.items()):
            if relation in self.standing:
                self.contents[source] = contents_of(self.con, relation)
        wanted = [n for n in self.plan.tables if self._is_wanted(n)]
        self.contents |= {
            n.unique_id: self.before[n.unique_id].contents
            for n in self.plan.tables
            if n not in wanted and n.unique_id in self.before
        }
        results = [self._attempt(node, self._make) for node in wanted]
        results += [self._attempt(t, self._ask) for t in self.plan.tests if self._is_wanted(t)]
        write_made(self.con, self.news)
        forget_made(self.con, self.lost)
        return results

    def _is_wanted(self, node: PlanNode) -> bool:
        return self.only is None or node.name in self.only

    def _drop_what_is_no_more(self) -> None:
        """Drop the tables of nodes that are gone, and the former ones of those that moved."""
        kept = {node.relation for node in self.plan.nodes}
        for relation in sorted({made.relation for made in self.before.values()} - kept):
            self._drop(relation)
        forget_made(self.con, self.before.keys() - {node.unique_id for node in self.plan.nodes})

    def _drop(self, relation: str) -> None:
        if kind := self.standing.pop(relation, None):
            self.con.execute(f"drop {kind} {quoted(relation)}")

    def _attempt(self, node: PlanNode, do: Callable[[PlanNode, str], Made]) -> DbtNodeResult:
        if self.lost.intersection(node.parents):
            self.lost.add(node.unique_id)
            return _told(node, "skipped")
        key = self._key(node)
        known = self.before.get(node.unique_id)
        if known and known.key == key and self._is_there(node, known):
            self.contents[node.unique_id] = known.contents
            return _told_of(node, known, unchanged_since=known.made_at)
        started = time.perf_counter()
        try:
            with self._transaction():
                made = do(node, key)
        except duckdb.Error as error:
            if self.is_shared:
                raise _StatementFailedError from error
            self.lost.add(node.unique_id)
            return _told(node, "error", message=str(error))
        self.contents[node.unique_id] = made.contents
        self.news[node.unique_id] = made
        return _told_of(node, made, seconds=time.perf_counter() - started)

    def _is_there(self, node: PlanNode, known: Made) -> bool:
        """Whether what it left stands: its table, or of a test that found something, those rows."""
        if node.kind == "test" and json.loads(known.result or "{}").get("status") == "pass":
            return True
        return node.relation in self.standing

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        if self.is_shared:
            yield
            return
        self.con.begin()
        try:
            yield
            self.con.commit()
        except BaseException:
            self.con.rollback()
            raise

    def _key(self, node: PlanNode) -> str:
        """Hash all that decides what the node holds, or finds."""
        read = [f"{parent}={self.contents.get(parent)}" for parent in node.parents]
        how = (duckdb.__version__, _CODE, node.relation, node.severity, node.file_sha256)
        parts = (*how, *node.statements, *read)
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()

    def _make(self, node: PlanNode, key: str) -> Made:
        if node.relation in self.standing:
            self._drop(node.relation)
        else:
            self._ensure_schema(node)
        for statement in node.statements:
            self.con.execute(self._here(statement))
        return Made(node.relation, key, contents_of(self.con, node.relation), moment())

    def _ask(self, node: PlanNode, key: str) -> Made:
        self._drop(node.relation)
        row = self.con.execute(self._here(node.statements[0])).fetchone()
        failures, should_warn, should_error = row or (None, False, False)
        status = "pass"
        if should_warn or should_error:
            is_failed = should_error and node.severity == "error"
            status = "fail" if is_failed else "warn"
            self._ensure_schema(node)
            self.con.execute(f"create table {quoted(node.relation)} as {self._here(node.compiled)}")
        result = json.dumps({"status": status, "failures": int(failures or 0)})
        return Made(node.relation, key, "", moment(), result)

    def _ensure_schema(self, node: PlanNode) -> None:
        schema = node.relation.partition(".")[0]
        self.con.execute(f"create schema if not exists {quoted(schema)}")

    def _here(self, statement: str) -> str:
        return statement.replace(PROJECT, self.folder).replace(
            f'"{CATALOG}".', f'"{self.catalog}".'
        )


def _told_of(
    node: PlanNode, made: Made, *, seconds: float = 0.0, unchanged_since: datetime | None = None
) -> DbtNodeResult:
    if made.result is None:
        return _told(node, "success", seconds=seconds, unchanged_since=unchanged_since)
    found = json.loads(made.result)
    is_well = found["status"] == "pass"
    return _told(
        node,
        found["status"],
        seconds=seconds,
        unchanged_since=unchanged_since,
        failures=found["failures"],
        message=None if is_well else f"Got {found['failures']} results, configured for none",
        failures_table=None if is_well else node.relation,
    )


def _told(
    node: PlanNode,
    status: str,
    *,
    seconds: float = 0.0,
    message: str | None = None,
    failures: int | None = None,
    failures_table: str | None = None,
    unchanged_since: datetime | None = None,
) -> DbtNodeResult:
    return DbtNodeResult(
        unique_id=node.unique_id,
        name=node.name,
        resource_type=node.kind,
        status=status,
        seconds=seconds,
        message=message,
        failures=failures,
        failures_table=failures_table,
        compiled_sql=node.compiled if node.kind == "model" else None,
        unchanged_since=unchanged_since,
    )
