"""What became of the nodes of the dbt project, as plain data: whoever ran them, dbt or we."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

FAILED: frozenset[str] = frozenset({"fail", "error", "partial success", "runtime error"})


@dataclass(frozen=True)
class DbtNodeResult:
    """What became of one seed, model or test."""

    unique_id: str
    name: str
    resource_type: str
    status: str
    seconds: float
    message: str | None = None
    failures: int | None = None
    """Failing rows of a test."""
    failures_table: str | None = None
    """Where a test's failing rows were stored, as `schema.table`; None if they were not."""
    compiled_sql: str | None = None
    """What a model was built with; None of seeds and tests."""
    unchanged_since: datetime | None = None
    """When it was made or asked, in UTC; None when that was now."""

    @property
    def is_failed(self) -> bool:
        """Whether this node makes the build fail."""
        return self.status in FAILED


@dataclass(frozen=True)
class DbtOutcome:
    """The result of one build."""

    success: bool
    nodes: tuple[DbtNodeResult, ...]
    error: str | None
    """What stopped dbt before or outside the nodes; None when only nodes failed."""

    @property
    def failed(self) -> tuple[DbtNodeResult, ...]:
        """The nodes that failed; those skipped because of them are not among these."""
        return tuple(node for node in self.nodes if node.is_failed)
