"""Suites for the tables that leave: the published layer before and after disclosure control.

Relations to other tables and what holds inside a model are dbt tests; here is what anyone who opens
a published table may rely on, whichever model filled it.
"""

from __future__ import annotations

from quality.model import Suite
from quality.outgoing import candidates, released

__all__ = ["candidate_suites", "released_suites"]


def candidate_suites() -> tuple[Suite, ...]:
    """The suite of the union of all cells (`monitor.duckdb`)."""
    return (candidates.suite(),)


def released_suites() -> tuple[Suite, ...]:
    """The suite of what is released (`publish.duckdb`)."""
    return (released.suite(),)
