"""Which of the newly loaded deliveries break an expectation, so that just those are set aside.

Screening looks at the new deliveries alone, before they count. What becomes of a delivery that does
not pass is the intake's business.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb

from quality.model import Suite
from quality.runner import FailedExpectation, run_suite

DELIVERY = "delivery_id"


@dataclass(frozen=True)
class Reason:
    """Why a delivery does not pass, for its sender and for the ledger."""

    suite: str
    rule_id: str
    column: str | None
    message_da: str
    message_en: str
    failing_keys: tuple[Mapping[str, Any], ...]
    """Rows, plans, questions … of this delivery that break the rule; empty when it is the whole."""


def screen_new_deliveries(
    con_or_path: duckdb.DuckDBPyConnection | Path,
    delivery_ids: Iterable[str],
    suites: Iterable[Suite],
) -> dict[str, list[Reason]]:
    """Check new deliveries against the error-level expectations on arriving tables.

    Rules that look at the table as a whole are left out: they need the ledger to know of the
    deliveries. With an open connection, rows have to be committed to be seen.

    Returns:
        The reasons by delivery, for those that do not pass; a delivery that passes is not in it.

    Raises:
        CheckerError: a check could not run. Nothing is known then, about any delivery.
    """
    wanted = sorted(set(delivery_ids))
    reasons: dict[str, list[Reason]] = {}
    if not wanted:
        return reasons
    for suite in suites:
        judged = _blocking_rules_on_deliveries(suite)
        for failed in _failures(con_or_path, judged, wanted):
            for delivery_id, keys in _by_delivery(failed).items():
                reasons.setdefault(delivery_id, []).append(
                    Reason(
                        suite=suite.name,
                        rule_id=failed.rule_id,
                        column=failed.column,
                        message_da=failed.description_da,
                        message_en=failed.description_en,
                        failing_keys=keys,
                    )
                )
    return reasons


def _blocking_rules_on_deliveries(suite: Suite) -> Suite:
    rules = tuple(r for r in suite.rules if r.severity == "error" and not r.whole_table)
    unnamed = [rule.rule_id for rule in rules if DELIVERY not in suite.keys_of(rule)]
    if unnamed:
        raise ValueError(f"{suite.name}: rules that do not name a delivery: {unnamed}")
    return replace(suite, rules=rules)


def _failures(
    database: duckdb.DuckDBPyConnection | Path, suite: Suite, delivery_ids: list[str]
) -> list[FailedExpectation]:
    """What fails, with keys of every delivery concerned.

    Only so many keys are kept of a failed rule; where some are cut off, a delivery could be
    missed among them, so each is then asked for by itself.
    """
    condition = ", ".join("'" + one.replace("'", "''") + "'" for one in delivery_ids)
    result = run_suite(
        database, suite.table, suite, None, row_filter=f"{DELIVERY} in ({condition})"
    )
    is_cut_off = any(one.unexpected_count > len(one.failing_keys) for one in result.failed)
    if not is_cut_off or len(delivery_ids) == 1:
        return list(result.failed)
    return [
        failed
        for delivery_id in delivery_ids
        for failed in _failures(database, suite, [delivery_id])
    ]


def _by_delivery(failed: FailedExpectation) -> dict[str, tuple[Mapping[str, Any], ...]]:
    grouped: dict[str, list[Mapping[str, Any]]] = {}
    for key in failed.failing_keys:
        where = {name: value for name, value in key.items() if name != DELIVERY}
        grouped.setdefault(str(key[DELIVERY]), []).extend([where] if where else [])
    return {delivery_id: tuple(keys) for delivery_id, keys in grouped.items()}
