"""Where the seconds of one run went, read from its event log: detect, launch, import, run, swap.

Each part ends where the next begins, so they add up to the time from the complete file in the inbox
to the published tables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

import dagster as dg

from pipelines.orchestration.release_assets import RELEASED_CELLS, TABLES_AND_PAGE, WAREHOUSE

PARTS = ("detect", "launch", "import", "run", "swap", "publish")
SWAP_STEP = WAREHOUSE.to_python_identifier()
PUBLISHED_STEP = TABLES_AND_PAGE.to_python_identifier()
PUBLISH_STEPS = (RELEASED_CELLS.to_python_identifier(), "check_released", PUBLISHED_STEP)
_PROCESS = "Started process for run"


@dataclass(frozen=True)
class Timeline:
    """One run: seconds of each part and of each step, by the clock and of processors."""

    parts: Mapping[str, float]
    steps: Mapping[str, float]
    cpu_of_parts: Mapping[str, float]
    cpu_of_steps: Mapping[str, float]

    @property
    def total(self) -> float:
        """From the complete file to the published tables."""
        return sum(self.parts.values())

    @property
    def cpu_total(self) -> float:
        """What all services spent meanwhile."""
        return sum(self.cpu_of_parts.values())


def timeline(
    instance: dg.DagsterInstance,
    run_id: str,
    delivered: float,
    cpu_at: Callable[[float], float],
) -> Timeline:
    """Read the parts of a run that succeeded.

    Args:
        instance: Where its events are.
        run_id: The run.
        delivered: When the file was complete.
        cpu_at: The processor seconds that all services had spent at a moment.
    """
    began, ended, marks = _moments(instance, run_id)
    first = min(began.values())
    borders = (
        *(delivered, marks["enqueued"], marks["process"], first),
        *(began[SWAP_STEP], ended[SWAP_STEP], ended[PUBLISHED_STEP]),
    )
    spans = dict(zip(PARTS, pairwise(borders), strict=True))
    steps = {step: (began[step], ended[step]) for step in began if step in ended}
    return Timeline(
        *({name: end - begin for name, (begin, end) in of.items()} for of in (spans, steps)),
        *(
            {name: cpu_at(end) - cpu_at(begin) for name, (begin, end) in of.items()}
            for of in (spans, steps)
        ),
    )


def _moments(
    instance: dg.DagsterInstance, run_id: str
) -> tuple[dict[str, float], dict[str, float], dict[str, float]]:
    began: dict[str, float] = {}
    ended: dict[str, float] = {}
    marks: dict[str, float] = {}
    for entry in instance.all_logs(run_id):
        event = entry.dagster_event
        if event is None:
            continue
        kind, step = event.event_type_value, event.step_key or ""
        if kind == "PIPELINE_ENQUEUED":
            marks["enqueued"] = entry.timestamp
        elif kind == "ENGINE_EVENT" and (event.message or "").startswith(_PROCESS):
            marks["process"] = entry.timestamp
        elif kind == "STEP_START":
            began.setdefault(step, entry.timestamp)
        elif kind == "STEP_SUCCESS":
            ended[step] = entry.timestamp
    return began, ended, marks


def medians(of: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """The median of each name over all, in the order of the first."""
    return {name: median(each.get(name, 0.0) for each in of) for name in _names(of)}


def _names(of: Iterable[Mapping[str, float]]) -> list[str]:
    return list(dict.fromkeys(name for each in of for name in each))
