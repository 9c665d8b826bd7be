"""Is everything as it was put there? Ledger, archive, warehouse, published files and releases.

Reads every byte and changes nothing. What is found is told by name, with the command or the deed
that mends it. `monitor verify` asks it, and the daemon every night.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from pipelines import in_place
from pipelines.intake.archive import archive_of
from pipelines.intake.ledger import Ledger, reconcile
from pipelines.release.folder import SUMS, prepared_versions, release_folder
from pipelines.release.log import LogDamagedError, release_log
from pipelines.release.published import insist_log_knows, problems_of
from pipelines.release.versions import ReleaseError
from pipelines.settings import Settings

Area = Literal["custody", "for readers", "releases"]

MENDED_BY: Final = {
    "archived_not_in_ledger": "`monitor ledger --readopt`, then `monitor run`",
    "ledger_damaged": "restore ledger.jsonl from a backup (docs/runbooks/ledger_damaged.md)",
}
RESTORE: Final = "restore the named file from a backup (docs/runbooks/archive_disagrees.md)"
UNFINISHED: Final = (
    "after a crash there is nothing to do; else compare it with a backup before anything is run"
)
REBUILD: Final = "`monitor rebuild` makes it anew from the archive"
RESTORE_RELEASE: Final = "restore the release from a backup: what was published is not made again"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it was put there."""

    area: Area
    what: str
    """Which thing, by a name that is no cell's value."""
    message: str
    mend: str


def findings(settings: Settings) -> Iterator[Finding]:
    """Everything that is not as it should be, custody first."""
    ledger = Ledger(settings.ledger_path)
    for problem in reconcile(ledger, archive_of(settings)):
        what = f"{problem.kind} {(problem.delivery_id or '')[:12]}".strip()
        yield Finding("custody", what, problem.message, MENDED_BY.get(problem.kind, RESTORE))
    if torn := ledger.unfinished_bytes():
        told = (
            f"the last line has no end ({torn} bytes): it is no event, and the next one cuts it off"
        )
        yield Finding("custody", "ledger_unfinished", told, UNFINISHED)
    for damage in in_place.damages(settings):
        yield Finding("for readers", damage.output, damage.message, REBUILD)
    yield from _of_releases(settings)


def _of_releases(settings: Settings) -> Iterator[Finding]:
    try:
        release_log(settings).read()
        insist_log_knows(settings)
    except LogDamagedError as error:
        yield Finding("releases", "release log", str(error), RESTORE_RELEASE)
        return
    for version in prepared_versions(settings):
        try:
            problems = problems_of(settings, release_folder(settings, version))
        except (ReleaseError, UnicodeDecodeError) as error:
            problems = [f"{SUMS} cannot be read: {type(error).__name__}"]
        for problem in problems:
            yield Finding("releases", str(version), problem, RESTORE_RELEASE)
