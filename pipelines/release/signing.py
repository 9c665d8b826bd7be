"""Who says that a candidate may go out, and the way out: approve, publish, withdraw.

A signature is a line in the release log, bound to the candidate's hash and to the check results
that were signed with it. The log is what counts; the link `current` follows from it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Final

from pipelines.durable import Checkpoint, fsync_dir, no_checkpoint, write_replacing
from pipelines.intake.delivery import utc_text
from pipelines.release.calendar import Calendar
from pipelines.release.folder import (
    PUBLICATION,
    ReleaseFolder,
    TamperedError,
    canonical_json,
    release_folder,
)
from pipelines.release.log import EventKind, ReleaseEvent, events_of, release_log
from pipelines.release.prepare import release_lock, sweep
from pipelines.release.published import current_version, insist_log_knows, publication_of
from pipelines.release.refusals import (
    RefusedError,
    insist_not_withdrawn,
    insist_on_calendar,
    insist_on_checks,
    insist_on_four_eyes,
    insist_on_note,
    insist_on_time,
    insist_unpublished,
    unsigned,
)
from pipelines.release.schedule import announced_as
from pipelines.release.versions import Version
from pipelines.settings import Settings

CURRENT: Final = "current"


@dataclass(frozen=True)
class Signature:
    """A sign-off that still fits the candidate."""

    by: str
    at: str
    note: str


def approve(
    settings: Settings, version: Version, *, by: str, note: str, calendar: Calendar, now: datetime
) -> ReleaseEvent:
    """Sign a candidate.

    Raises:
        RefusedError: If it was not checked, a check stands in the way, it is published, or who
            signs has prepared it and the calendar wants four eyes.
        TamperedError: If a file is not the one that was prepared.
    """
    insist_on_note(note)
    with release_lock(settings):
        sweep(settings)
        insist_log_knows(settings)
        folder = release_folder(settings, version)
        insist_unpublished(settings, version)
        folder.insist_untouched()
        insist_on_checks(folder)
        insist_on_four_eyes(settings, folder, calendar, by)
        event = _event("approved", folder, by=by, note=note, now=now)
        return release_log(settings).append(event)


def publish(
    settings: Settings,
    version: Version,
    *,
    by: str,
    calendar: Calendar,
    now: datetime,
    checkpoint: Checkpoint = no_checkpoint,
) -> ReleaseEvent:
    """Publish a signed candidate: nothing of it changes from then on.

    Published already, it is left as it is, and what a kill left undone is done.

    Raises:
        RefusedError: Without a signature on this very candidate, before its time, when a check
            stands in the way, or when the calendar does not tell of releases far enough ahead.
        TamperedError: If a file is not the one that was prepared.
    """
    with release_lock(settings):
        sweep(settings)
        insist_log_knows(settings)
        folder = release_folder(settings, version)
        folder.insist_untouched()
        insist_not_withdrawn(settings, version)
        if done := publication_of(settings, version):
            if done.candidate != folder.candidate_hash():
                raise TamperedError(f"{version} is not what was published; restore it")
            _settle(settings, folder, done)
            return done
        insist_on_checks(folder)
        if (signature := signature_of(settings, folder)) is None:
            raise unsigned(settings, version)
        insist_on_four_eyes(settings, folder, calendar, signature.by)
        insist_on_time(settings, folder, calendar, now)
        insist_on_calendar(settings, folder, calendar, now)
        folder.make_read_only()
        checkpoint("release.read_only")
        event = _event("published", folder, by=by, note=_title(settings, version), now=now)
        sealed = release_log(settings).append(event, checkpoint=checkpoint)
        checkpoint("release.on_log")
        _settle(settings, folder, sealed)
        checkpoint("release.current")
        return sealed


def withdraw(
    settings: Settings, version: Version, *, by: str, reason: str, now: datetime
) -> ReleaseEvent:
    """Take a published release back: the one before it is current again; its files are kept.

    Raises:
        RefusedError: If it is not published, or was withdrawn.
    """
    with release_lock(settings):
        folder = release_folder(settings, version)
        kinds = [e.kind for e in events_of(release_log(settings).read(), str(version))]
        if "published" not in kinds or "withdrawn" in kinds:
            raise RefusedError(
                f"{version} er ikke en udgivelse, som læserne har.",
                f"{version} is not a release that readers have",
            )
        event = _event("withdrawn", folder, by=by, note=reason, now=now)
        sealed = release_log(settings).append(event)
        _point_to_current(settings)
        return sealed


def signature_of(settings: Settings, folder: ReleaseFolder) -> Signature | None:
    """The last sign-off on exactly this candidate with exactly these check results."""
    wanted = (folder.candidate_hash(), folder.checks_hash())
    for event in reversed(events_of(release_log(settings).read(), str(folder.version))):
        if event.kind == "approved" and (event.candidate, event.checks) == wanted:
            return Signature(event.by, event.at, event.note)
    return None


def _title(settings: Settings, version: Version) -> str:
    return announced_as(settings, version).title_da


def _event(
    kind: EventKind, folder: ReleaseFolder, *, by: str, note: str, now: datetime
) -> ReleaseEvent:
    return ReleaseEvent(
        kind=kind,
        at=utc_text(now.astimezone(UTC)),
        by=by,
        version=str(folder.version),
        candidate=folder.candidate_hash(),
        checks=folder.checks_hash() or "",
        note=" ".join(note.split()),
    )


def _settle(settings: Settings, folder: ReleaseFolder, event: ReleaseEvent) -> None:
    """Do what follows from the log: the folder says so and is read-only, `current` is right."""
    if not (folder.path / PUBLICATION).exists():
        folder.path.chmod(0o755)
        write_replacing(folder.path / PUBLICATION, canonical_json(asdict(event)))
    folder.make_read_only()
    _point_to_current(settings)


def _point_to_current(settings: Settings) -> None:
    link = settings.releases_dir / CURRENT
    version = current_version(settings)
    if link.exists() and not link.is_symlink():
        raise TamperedError(f"{CURRENT} among the releases is not the link it must be; remove it")
    if version is None:
        link.unlink(missing_ok=True)
    elif not link.is_symlink() or str(link.readlink()) != str(version):
        new = settings.releases_dir / f".{CURRENT}"
        new.unlink(missing_ok=True)
        new.symlink_to(str(version))
        new.replace(link)
    fsync_dir(settings.releases_dir)
