"""What the custody tests share: an installation in a folder, things to deliver."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipelines.intake.archive import Archive, archive_of
from pipelines.intake.ledger import Ledger
from pipelines.settings import Settings

SOURCES = ("survey", "driftsstoette", "styringsdialog")
KINDS = {"survey": "year", "driftsstoette": "date", "styringsdialog": "year"}


def installation(folder: Path) -> Settings:
    return Settings(root=folder, data_dir=folder / "data", dagster_home=folder / "dagster")


def present() -> datetime:
    return datetime.now(UTC)


def much_later() -> datetime:
    """A time at which every file written just now has long settled, yet none is given up."""
    return present() + timedelta(seconds=60)


def put(settings: Settings, place: str, data: bytes | str = "a;b\n1;2\n") -> Path:
    """Put a file into the inbox as a person would: straight, under its final name."""
    path = settings.inbox_dir / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def custody(settings: Settings) -> tuple[Ledger, Archive]:
    return Ledger(settings.ledger_path), archive_of(settings)
