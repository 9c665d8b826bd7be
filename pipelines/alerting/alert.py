"""One alert: in the words of the person who has to act, and as what may leave the machine.

`why` is an error as the library that raised it words it: it may quote a cell, so it stays in the
file on the machine. All else is our own words, code names, counts and the ids of deliveries.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pipelines.alerting.kinds import Kind, kind

NOTHING_CHANGED = "the warehouse and the published tables are as they were before the run"
MOST_SUBJECTS = 20
SEVERITY_DA: Mapping[str, str] = {"error": "FEJL", "warning": "ADVARSEL"}


@dataclass(frozen=True)
class Alert:
    """Something that a person has to know or do."""

    kind_id: str
    what: str
    """In a line; code names and counts only."""
    at: datetime
    subjects: tuple[str, ...] = ("",)
    """What it is about, each told once: a delivery's source, period and id, a step, a release."""
    why: str = ""
    live: str | None = None
    """What readers see meanwhile, where a run failed."""
    run_id: str = ""
    job: str = ""

    @property
    def kind(self) -> Kind:
        """What is declared of its kind."""
        return kind(self.kind_id)

    def text(self) -> str:
        """The alert as a few lines, for the terminal and the log of this machine."""
        steps = [f"  {number}. {step}" for number, step in enumerate(self.kind.steps, start=1)]
        return "\n".join(
            [
                f"{'FAILED' if self.kind.severity == 'error' else 'WARNING'}  "
                f"{self.job or self.kind.title_en}: {self.what}",
                *([f"Why     {self.why}"] if self.why else []),
                *([f"Live    {self.live}"] if self.live else []),
                "Next",
                *steps,
                f"Help    {self.kind.runbook}",
                *([f"Run     {self.run_id} at {self._moment}"] if self.run_id else []),
            ]
        )

    def outward(self) -> dict[str, Any]:
        """What is sent: everything but the error's own words."""
        declared = self.kind
        return {
            "kind": declared.id,
            "severity": declared.severity,
            "title_da": declared.title_da,
            "title_en": declared.title_en,
            "what": self.what,
            "subjects": [each for each in self.subjects if each][:MOST_SUBJECTS],
            "subject_count": len([each for each in self.subjects if each]),
            "live": self.live,
            "next": list(declared.next),
            "steps": list(declared.steps),
            "runbook": declared.runbook,
            "job": self.job or None,
            "run_id": self.run_id or None,
            "at": self._moment,
        }

    def kept(self) -> dict[str, Any]:
        """What the file on this machine holds: every subject, and the error's own words."""
        told = self.outward()
        steps = told.pop("steps")
        return told | {"subjects": list(self.subjects), "why": self.why, "next_steps": steps}

    @classmethod
    def read_back(cls, kept: Mapping[str, Any]) -> Alert:
        """Make an alert of what its file holds."""
        return cls(
            kind_id=kept["kind"],
            what=kept["what"],
            at=datetime.fromisoformat(kept["at"]),
            subjects=tuple(kept["subjects"]),
            why=kept["why"],
            live=kept["live"],
            run_id=kept["run_id"] or "",
            job=kept["job"] or "",
        )

    @property
    def _moment(self) -> str:
        return self.at.isoformat(timespec="seconds")
