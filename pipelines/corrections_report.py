"""What became of corrections in the live warehouse: for a run's summary and `monitor corrections`.

Read-only. An entry that met nothing in any delivery that counts is reported too: nobody else would.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace

import click
import duckdb

from pipelines.contracts.corrections import Correction, TopicDecision
from pipelines.contracts.loader import load_source, source_names
from pipelines.settings import Settings
from pipelines.warehouse.store import connect

WAITING = "no_delivery"
"""No delivery that counts is of the entry's period, or of its meeting."""
PENDING = "pending"
"""A delivery of its period counts, and was read before the entry was written."""
TO_LOOK_AT = frozenset({"expired", "target_missing"})


@dataclass(frozen=True, slots=True)
class CorrectionLine:
    """One correction, and what came of it in one row of a delivery that counts."""

    correction_id: str
    source: str
    period: str
    column: str
    state: str
    delivery_id: str | None
    row: int | None
    detail: str | None
    reason: str
    provider: str
    corrected_on: str

    def to_dict(self) -> dict[str, str | int | None]:
        """The line as plain data."""
        return asdict(self)


def correction_lines(settings: Settings) -> list[CorrectionLine]:
    """Every correction that is declared or applied, by source, period and id."""
    lines = _met(settings)
    met = {(line.source, line.correction_id) for line in lines}
    counting = _counting_periods(settings)
    lines += [line for line in _declared(counting) if (line.source, line.correction_id) not in met]
    return sorted(lines, key=lambda one: (one.source, one.period, one.correction_id, one.row or 0))


def print_corrections(settings: Settings) -> None:
    """A line in a run's summary, and one for each correction that a person must look at."""
    lines = correction_lines(settings)
    if not lines:
        return
    states = Counter(line.state for line in lines)
    counted = ", ".join(f"{count} {state}" for state, count in sorted(states.items()))
    click.echo(f"Corrections  {counted} (`monitor corrections`)")
    for line in lines:
        if line.state in TO_LOOK_AT:
            click.secho(f"             {text(line)}", fg="yellow")


def text(line: CorrectionLine) -> str:
    """A correction in one sentence; its values are in the warehouse, where they may be."""
    row = f" row {line.row}" if line.row else ""
    where = f"{line.source}/{line.period}{row}, {line.column}"
    detail = f" ({line.detail})" if line.detail else ""
    return f"{line.correction_id}: {line.state}: {where}{detail}"


def _met(settings: Settings) -> list[CorrectionLine]:
    if not settings.live_path.is_file():
        return []
    with connect(settings.live_path, read_only=True) as con:
        try:
            rows = con.execute(
                "select c.correction_id, c.source, c.period, c.column_name, c.state, "
                "c.delivery_id, c.row_number, c.detail, c.reason, c.provider, "
                "c.corrected_on::varchar from raw.corrections c "
                "join raw.deliveries d using (delivery_id) where d.is_current"
            ).fetchall()
        except duckdb.CatalogException:  # a warehouse from before there were corrections
            return []
    return [CorrectionLine(*row) for row in rows]


def _counting_periods(settings: Settings) -> frozenset[tuple[str, str]]:
    """Source and period of each delivery that counts in the live warehouse."""
    if not settings.live_path.is_file():
        return frozenset()
    with connect(settings.live_path, read_only=True) as con:
        rows = con.execute("select source, period from raw.deliveries where is_current").fetchall()
    return frozenset((source, period) for source, period in rows)


def _declared(counting: frozenset[tuple[str, str]]) -> Iterator[CorrectionLine]:
    for name in source_names():
        declared = load_source(name).corrections
        for entry in declared.corrections:
            line = _waiting(name, entry, entry.column, entry.provider)
            if (name, entry.period) in counting:
                line = replace(line, state=PENDING, detail="the next `monitor run` applies it")
            yield line
        for decision in declared.topics:
            yield _waiting(name, decision, "topic", decision.by)


def _waiting(
    source: str, entry: Correction | TopicDecision, column: str, provider: str
) -> CorrectionLine:
    return CorrectionLine(
        entry.id,
        source,
        entry.period,
        column,
        WAITING,
        None,
        None,
        "no delivery that counts is of that period or meeting",
        entry.reason,
        provider,
        entry.date.isoformat(),
    )
