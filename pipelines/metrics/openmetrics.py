"""Gauges, and how OpenMetrics writes them down; Prometheus reads it as well.

https://prometheus.io/docs/specs/om/open_metrics_spec/
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

_NAME = re.compile(r"[a-z][a-z0-9_]*")
UNITS = ("seconds", "bytes")


@dataclass(frozen=True)
class Family:
    """A gauge with its samples, by labels."""

    name: str
    help: str
    samples: list[tuple[Mapping[str, str], float]] = field(default_factory=list)

    def add(self, value: float, **labels: str) -> None:
        """Add a sample."""
        self.samples.append((labels, value))

    @property
    def unit(self) -> str | None:
        """The unit that the name ends with, as the format wants it."""
        return next((unit for unit in UNITS if self.name.endswith(f"_{unit}")), None)


def text(families: Iterable[Family]) -> str:
    """Write families down; one without samples is left out."""
    lines = []
    for each in families:
        if not _NAME.fullmatch(each.name):
            raise ValueError(f"{each.name} is no name of a metric")
        if not each.samples:
            continue
        lines.append(f"# TYPE {each.name} gauge")
        if each.unit:
            lines.append(f"# UNIT {each.name} {each.unit}")
        lines.append(f"# HELP {each.name} {_escaped(each.help)}")
        for labels, value in each.samples:
            told = ",".join(f'{name}="{_escaped(label)}"' for name, label in labels.items())
            lines.append(
                f"{each.name}{{{told}}} {value:.15g}" if told else f"{each.name} {value:.15g}"
            )
    return "\n".join([*lines, "# EOF", ""])


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')
