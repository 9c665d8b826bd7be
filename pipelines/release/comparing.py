"""Any two releases held against each other, as they lie in their folders."""

from __future__ import annotations

from pipelines.publish.store import read_release
from pipelines.release.causes import made_of, with_causes
from pipelines.release.diff import Change, compare
from pipelines.release.folder import release_folder
from pipelines.release.versions import Version
from pipelines.settings import Settings


def differences(settings: Settings, old: Version, new: Version) -> tuple[Change, ...]:
    """What is other in `new` than in `old`, with the causes.

    Raises:
        NoSuchReleaseError: If one of them was never prepared.
    """
    before, after = release_folder(settings, old), release_folder(settings, new)
    changes = compare(read_release(before.database), read_release(after.database))
    return with_causes(changes, made_of(before), made_of(after))
