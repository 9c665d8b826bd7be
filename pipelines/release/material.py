"""All that a release is made from, read from the installation in one go.

The only module here that looks at the live warehouse, the ledger, dbt's manifest and our own code
on disk; what is made of it follows from these values alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version as installed

from pipelines.durable import sha256_of
from pipelines.fingerprint import LIBRARIES, code_fingerprint
from pipelines.intake.archive import archive_of
from pipelines.intake.events import deliveries, head_hash
from pipelines.intake.ledger import Ledger
from pipelines.publish.database import open_read_only
from pipelines.publish.model import Note, Release
from pipelines.publish.store import read_release
from pipelines.release.chains import read_models
from pipelines.release.diff import REVISED
from pipelines.release.lineage import Lineage
from pipelines.release.models import Models
from pipelines.release.tracing import read_lineage
from pipelines.release.versions import ReleaseError
from pipelines.settings import Settings
from pipelines.warehouse.store import live_build_fingerprint

LOCK_FILE = "requirements.lock"


class NotReadyError(ReleaseError):
    """The freshest cells are not of the present warehouse; `monitor run` comes first."""


@dataclass(frozen=True)
class CodeVersion:
    """What our own code was: its fingerprint, the lock's, and the libraries that matter most."""

    version: str
    fingerprint: str
    lock_sha256: str
    libraries: Mapping[str, str]


@dataclass(frozen=True)
class Material:
    """All that a release is made from."""

    fresh: Release
    lineage: Lineage
    models: Models
    code: CodeVersion
    ledger_head: str
    build_fingerprint: str
    revised_note: Note


def gather(settings: Settings) -> Material:
    """Read everything; the freshest cells must be those of the present warehouse.

    Raises:
        NotReadyError: If nothing was published, or the ledger has moved on since.
    """
    from pipelines.orchestration.dbt_compiled import compiled_sql
    from pipelines.orchestration.dbt_manifest import ensure_manifest
    from quality.outgoing.vocabulary import INDICATOR_MODELS

    if not settings.publish_path.is_file() or not settings.live_path.is_file():
        raise NotReadyError("there is nothing to release yet; `monitor run` makes it")
    fresh = read_release(settings.publish_path)
    events = Ledger(settings.ledger_path).read()
    if fresh.info.created_from != head_hash(events):
        raise NotReadyError(
            "deliveries were received or decided since the cells were made; `monitor run` first"
        )
    manifest, compiled = ensure_manifest(settings.dbt_dir), compiled_sql(settings.dbt_dir)
    models = read_models(manifest, INDICATOR_MODELS, compiled, settings.dbt_dir)
    return Material(
        fresh=fresh,
        lineage=read_lineage(settings.live_path, deliveries(events), archive_of(settings), models),
        models=models,
        code=code_version(settings),
        ledger_head=head_hash(events),
        build_fingerprint=live_build_fingerprint(settings) or "",
        revised_note=_revised_note(settings),
    )


def code_version(settings: Settings) -> CodeVersion:
    """What our own code is at this moment."""
    return CodeVersion(
        version=installed("boligsocial-monitor"),
        fingerprint=code_fingerprint(settings.root),
        lock_sha256=sha256_of(settings.root / LOCK_FILE),
        libraries={name: installed(name) for name in LIBRARIES},
    )


def _revised_note(settings: Settings) -> Note:
    with open_read_only(settings.live_path) as connection:
        texts = connection.execute(
            "select text_da, text_en from marts.dim_note where note_id = $1", [REVISED]
        ).fetchone()
    if texts:
        return Note(REVISED, *texts)
    raise NotReadyError(f"the notes have no {REVISED!r}; it belongs into seeds/notes.csv")
