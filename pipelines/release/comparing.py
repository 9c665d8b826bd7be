"""Any two releases held against each other, as they lie in their folders."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pipelines.intake.delivery import utc_time
from pipelines.publish.store import read_release
from pipelines.release.calendar import danish_moment
from pipelines.release.causes import made_of, with_causes
from pipelines.release.diff import Change, compare
from pipelines.release.folder import ReleaseFolder, prepared_versions, release_folder
from pipelines.release.log import ReleaseEvent, events_of, release_log
from pipelines.release.versions import ReleaseError, Version, both
from pipelines.settings import Settings


class ComparisonError(ReleaseError):
    """The two releases cannot be held against each other; told in Danish and English."""


@dataclass(frozen=True)
class Comparison:
    """What is other in one release than in another.

    Attributes:
        old: The release compared with.
        new: The release compared.
        changes: Cells changed, new and gone, with the causes.
        remarks_da: What is to be known of the two releases: not published, withdrawn.
        remarks_en: The same in English.
    """

    old: Version
    new: Version
    changes: tuple[Change, ...]
    remarks_da: tuple[str, ...] = ()
    remarks_en: tuple[str, ...] = ()


def comparison(settings: Settings, old: Version, new: Version) -> Comparison:
    """Compare two releases, published or prepared.

    Raises:
        ComparisonError: If one was never prepared, or they are the same or the wrong way round.
        TamperedError: If a file of one is not the one that was prepared.
    """
    if old == new:
        raise ComparisonError(
            both(
                f"{old} og {new} er den samme udgivelse; angiv den gamle og den nye, som i "
                "`monitor diff 2016.1 2017.1`.",
                f"{old} and {new} are the same release; name the old one and the new one",
            )
        )
    before, after = _folder(settings, old), _folder(settings, new)
    if new < old:
        raise ComparisonError(
            both(
                f"{new} kommer før {old}; den gamle skrives først: `monitor diff {new} {old}`.",
                f"{new} comes before {old}; the old one is written first",
            )
        )
    for folder in (before, after):
        folder.insist_untouched()
    changes = compare(read_release(before.database), read_release(after.database))
    events = release_log(settings).read()
    remarks = [remark for version in (old, new) for remark in _remarks(events, version)]
    return Comparison(
        old=old,
        new=new,
        changes=with_causes(changes, made_of(before), made_of(after)),
        remarks_da=tuple(danish for danish, _ in remarks),
        remarks_en=tuple(english for _, english in remarks),
    )


def _folder(settings: Settings, version: Version) -> ReleaseFolder:
    known = prepared_versions(settings)
    if version in known:
        return release_folder(settings, version)
    names = ", ".join(str(each) for each in known)
    raise ComparisonError(
        both(
            f"Der er ingen udgivelse {version}. Der er: {names or 'ingen endnu'}.",
            f"there is no release {version}; there are: {names or 'none yet'}",
        )
    )


def _remarks(events: list[ReleaseEvent], version: Version) -> Iterable[tuple[str, str]]:
    its = events_of(events, str(version))
    if withdrawn := next((event for event in its if event.kind == "withdrawn"), None):
        when = utc_time(withdrawn.at)
        yield (
            f"{version} er trukket tilbage {danish_moment(when)}: {withdrawn.note}",
            f"{version} was withdrawn on {when:%Y-%m-%d}: {withdrawn.note}",
        )
    elif not any(event.kind == "published" for event in its):
        yield (
            f"{version} er ikke udgivet: tallene kan endnu blive andre.",
            f"{version} is not published: its figures may yet be other ones",
        )
