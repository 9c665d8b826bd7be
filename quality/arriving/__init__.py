"""Suites for the canonical tables that arrive: what has to hold before anything is built on them.

Expectations on single fields follow from the contracts; those on a delivery as a whole are declared
by hand, a module a source. Rules on single rows across fields are the contracts' own, at the gate.
"""

from __future__ import annotations

from collections.abc import Mapping

from pipelines.contracts.model import Source
from quality.arriving import driftsstoette, minutes, styringsdialog, survey
from quality.fields import fields_of
from quality.model import Suite

__all__ = ["SOURCES", "arriving_suites"]

SOURCES = ("survey", "driftsstoette", "styringsdialog")


def arriving_suites(contracts: Mapping[str, Source]) -> tuple[Suite, ...]:
    """The four suites, from the contracts of the three sources by name."""
    meetings = fields_of(contracts["styringsdialog"])
    return (
        survey.suite(fields_of(contracts["survey"])),
        driftsstoette.suite(fields_of(contracts["driftsstoette"])),
        styringsdialog.suite(meetings),
        minutes.suite(meetings),
    )
