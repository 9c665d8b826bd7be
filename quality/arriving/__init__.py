"""Suites for the canonical tables that arrive: what has to hold before anything is built on them.

What a contract says of fields, key, rules and stated facts follows from it (`contracted`); what
only shows in a delivery as a whole is declared by hand, a module a source.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from pipelines.contracts.model import Source
from quality.arriving import driftsstoette, minutes, styringsdialog, survey
from quality.model import Suite

__all__ = ["SOURCES", "arriving_suites"]

_SUITES: Mapping[str, Callable[[Source], Suite]] = MappingProxyType(
    {
        "survey": survey.suite,
        "driftsstoette": driftsstoette.suite,
        "styringsdialog": styringsdialog.suite,
    }
)
SOURCES = tuple(_SUITES)


def arriving_suites(contracts: Mapping[str, Source]) -> tuple[Suite, ...]:
    """A suite for each source's table, and that of the minutes, from the contracts by name."""
    return (
        *(suite(contracts[name]) for name, suite in _SUITES.items()),
        minutes.suite(contracts["styringsdialog"]),
    )
