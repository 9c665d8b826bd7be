"""What a comparison found, for a person in the terminal and for a program as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from pipelines.contracts.model import LEFT_OUT
from pipelines.waves.compare import Change, Comparison, Status
from pipelines.waves.decisions import decisions

_TOLD = tuple(s for s in Status if s is not Status.MATCHED)


def summary_lines(comparison: Comparison, path: Path | None) -> Iterator[str]:
    """The comparison in lines: how many of each kind, each change, each decision, what to do."""
    counted = Counter(c.status for c in comparison.changes)
    kinds = ", ".join(f"{counted[s]} {s}" for s in Status if counted[s])
    yield f"{comparison.wave} against {comparison.against}: {kinds}."
    for status in _TOLD:
        for change in comparison.changes:
            if change.status is status and status is not Status.NEVER:
                yield f"  {status}: {_named(change)}"
    asked = [(c, text) for c in comparison.changes for text in decisions(c, comparison)]
    yield f"To settle: {len(asked)}."
    for change, text in asked:
        yield f"  {change.field}: {text}"
    if path is not None:
        yield f"The proposal: {path}"
        yield (
            "Put each line right, empty its decision cell, then "
            "the same command with --accept. Until then it is not in force."
        )


def as_value(comparison: Comparison, path: Path) -> dict[str, object]:
    """The comparison as a value for JSON."""
    return {
        "wave": comparison.wave,
        "against": comparison.against,
        "proposal": str(path),
        "changes": [_as_value(change, comparison) for change in comparison.changes],
        "left_alone": list(comparison.left_alone),
        "to_settle": sum(len(decisions(c, comparison)) for c in comparison.changes),
    }


def _as_value(change: Change, comparison: Comparison) -> dict[str, object]:
    return {
        "field": change.field,
        "status": str(change.status),
        "variable": change.asked.variable if change.asked else None,
        "was": change.known.asked.variable if change.known else None,
        "score": change.score if change.known or change.field != LEFT_OUT else None,
        "answers": [
            {
                "code": a.code,
                "canonical_code": a.canonical or None,
                "was_code": a.was_code or None,
                "score": a.score,
            }
            for a in change.answers
        ],
        "decisions": list(decisions(change, comparison)),
    }


def _named(change: Change) -> str:
    was = change.known.asked.variable if change.known else ""
    now = change.asked.variable if change.asked else ""
    names = " → ".join(dict.fromkeys(n for n in (was, now) if n))
    score = f" ({change.score} %)" if change.known and change.asked else ""
    return f"{change.field}: {names}{score}"
