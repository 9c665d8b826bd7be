"""The register of revisions as its page shows it: by release, and in each by cause."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from pipelines.publish.language import Language
from pipelines.publish.site.content import Change, Revision

_MOST_OPEN = 40
"""Longer tables are folded: a new extract can change thousands of figures."""


@dataclass(frozen=True)
class RevisedFor:
    """The figures that a release changed for one cause, in the order of the register."""

    cause: str
    changes: tuple[Change, ...]

    @property
    def is_open(self) -> bool:
        """Whether the table is short enough to be shown at once."""
        return len(self.changes) <= _MOST_OPEN


@dataclass(frozen=True)
class RevisedIn:
    """What one release changed; the reason is that of a correction beside the calendar."""

    release: str
    at: datetime
    reason: str
    causes: tuple[RevisedFor, ...]

    @property
    def figures(self) -> int:
        """How many figures it changed."""
        return sum(len(cause.changes) for cause in self.causes)

    @property
    def indicators(self) -> int:
        """Of how many indicators."""
        return len({c.indicator_id for cause in self.causes for c in cause.changes})


def revisions_by_release(
    revisions: Iterable[Revision], language: Language
) -> tuple[RevisedIn, ...]:
    """Arrange the register, the latest release first as it comes.

    Args:
        revisions: The register, latest first.
        language: Of the causes and reasons.
    """
    of_release: dict[str, list[Revision]] = {}
    for revision in revisions:
        of_release.setdefault(revision.release, []).append(revision)
    return tuple(
        RevisedIn(
            release=name,
            at=found[0].at,
            reason=language.label(found[0], "reason"),
            causes=_by_cause(found, language),
        )
        for name, found in of_release.items()
    )


def _by_cause(revisions: Iterable[Revision], language: Language) -> tuple[RevisedFor, ...]:
    """The causes with the most figures first; the figures of each as their indicators stand."""
    found: dict[str, list[Change]] = {}
    for revision in revisions:
        found.setdefault(language.label(revision.change, "cause"), []).append(revision.change)
    ordered = sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))
    return tuple(
        RevisedFor(cause, tuple(sorted(changes, key=lambda c: (c.indicator_id, c.period))))
        for cause, changes in ordered
    )
