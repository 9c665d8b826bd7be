"""How many rows are left of a register's deliveries in each model on the way to a cell.

Only of cells that are public and rest on public sources alone: of answers given in confidence the
counts on the way are those that the release itself shows, and they are told by `explain`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

import duckdb

_DELIVERIES: Final = ("delivery_id", "delivery_ids", "extract_delivery_ids", "meeting_delivery_ids")
_PERIODS: Final = ("extract_date", "wave", "meeting_year", "plan_year", "calendar_year", "period")
_GROUPED: Final = ("breakdown", "breakdown_value")
_ACTIVE: Final = "is_active"
_BOOKS: Final = "stg_ledger__"
"""Models of deliveries, not of their rows."""


@dataclass(frozen=True)
class Step:
    """Rows of one model that are of a cell's deliveries, period and group."""

    model: str
    rows: int
    active: int | None = None
    """How many of them are of plans that were active on the extract's date, where it tells."""


@dataclass(frozen=True)
class Place:
    """What a cell's rows have in common: its deliveries, its period and its group."""

    deliveries: frozenset[str]
    period: str
    breakdown: str
    group: str


_Row = tuple[frozenset[str], str | None, bool | None]
"""Deliveries, period, and whether it is of an active plan."""


@dataclass(frozen=True)
class _Counted:
    """The rows of one model, by what a group can be found by."""

    name: str
    periods: frozenset[str]
    everything: Counter[_Row]
    by: Mapping[tuple[str, str], Counter[_Row]] = field(default_factory=dict)

    def step(self, place: Place, municipalities: Iterable[str] | None) -> Step | None:
        """Count what is of a place; None where the model cannot tell, or has nothing of it."""
        rows = self._of_group(place, municipalities)
        if rows is None:
            return None
        is_period_told = place.period in self.periods
        total, active, tells_active = 0, 0, False
        for (deliveries, period, is_active), count in rows.items():
            if not deliveries & place.deliveries or (is_period_told and period != place.period):
                continue
            total += count
            tells_active = tells_active or is_active is not None
            active += count if is_active else 0
        if not total:
            return None
        return Step(self.name, total, active if tells_active else None)

    def _of_group(self, place: Place, municipalities: Iterable[str] | None) -> Counter[_Row] | None:
        kinds = {kind for kind, _ in self.by}
        if place.breakdown in kinds:
            return self.by.get((place.breakdown, place.group))
        if place.breakdown == "all":
            return self.everything
        if municipalities is None or "municipality" not in kinds:
            return None
        found: Counter[_Row] = Counter()
        for code in municipalities:
            found.update(self.by.get(("municipality", code), Counter()))
        return found


class StepReader:
    """Counts steps in a finished warehouse; each model is read once."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        layers: Mapping[str, str],
        places: Mapping[str, Mapping[str, tuple[str, ...]]],
    ) -> None:
        """Count in a warehouse.

        Args:
            connection: To the warehouse.
            layers: Model to its schema.
            places: Kind of area to its name to the municipalities in it.
        """
        self._connection = connection
        self._layers = layers
        self._places = places
        self._models: dict[str, _Counted | None] = {}
        self._found: dict[tuple[Place, tuple[str, ...]], tuple[Step, ...]] = {}

    def steps(self, place: Place, models: tuple[str, ...]) -> tuple[Step, ...]:
        """The steps from the received rows to a cell.

        Args:
            place: What its rows have in common.
            models: The models of its chain, the published one first.
        """
        key = (place, models)
        if key not in self._found:
            areas = self._places.get(place.breakdown)
            municipalities = None if areas is None else areas.get(place.group, ())
            counted = (
                self._model(name) for name in reversed(models[1:]) if not name.startswith(_BOOKS)
            )
            steps = (one.step(place, municipalities) for one in counted if one)
            self._found[key] = tuple(step for step in steps if step)
        return self._found[key]

    def _model(self, name: str) -> _Counted | None:
        if name not in self._models:
            self._models[name] = self._read(name)
        return self._models[name]

    def _read(self, name: str) -> _Counted | None:
        relation = f'"{self._layers[name]}"."{name}"'
        described = self._connection.execute(f"describe {relation}").fetchall()
        columns = [column for column, *_ in described]
        ids = [each for each in _DELIVERIES if each in columns]
        if not ids:
            return None
        lists = [f"[{each}]" if each == "delivery_id" else each for each in ids]
        period = next((each for each in _PERIODS if each in columns), None)
        is_grouped = set(_GROUPED) <= set(columns)
        told = [
            f"list_concat({', '.join([*lists, '[]'])})",
            f"cast({period} as varchar)" if period else "null",
            _ACTIVE if _ACTIVE in columns else "null",
            "municipality_code" if "municipality_code" in columns and not is_grouped else "null",
            "grant_pool" if "grant_pool" in columns and not is_grouped else "null",
            *(_GROUPED if is_grouped else ("null", "null")),
        ]
        rows = self._connection.execute(f"select {', '.join(told)} from {relation}").fetchall()
        everything: Counter[_Row] = Counter()
        by: dict[tuple[str, str], Counter[_Row]] = defaultdict(Counter)
        for deliveries, when, active, municipality, pool, breakdown, group in rows:
            row = (frozenset(deliveries), when, active)
            for kind, value in (
                ("municipality", municipality),
                ("grant_pool", pool),
                (breakdown, group),
            ):
                if kind is not None and value is not None:
                    by[kind, value][row] += 1
            if not is_grouped:
                everything[row] += 1
        periods = frozenset(when for _, when, *_ in rows if when is not None)
        return _Counted(name, periods, everything, dict(by))
