"""What a delivery is: its identity, its files, what its sender says of it.

Values only; nothing here touches a disk. How a delivery is found, kept and decided on is the
business of `inbox`, `archive` and `ledger`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from pipelines.privacy.personal_data import holds_personal_data

SYNTHETIC_TOKEN: Final = "syntetisk"
MANIFEST_VERSION: Final = 1


class MetaError(ValueError):
    """The sender's `.meta.json` is not of the form the inbox takes."""


class ManifestError(ValueError):
    """An archive manifest is not of the form this version writes."""


@dataclass(frozen=True)
class DeliveryMeta:
    """What the sender says of a delivery: is it synthetic, who made it, a remark.

    `confirmed_smaller` says that it is meant to be far smaller than the one before; the note says
    why, and must be there then. `is_incremental` says that it holds only what changed since the
    full delivery before it.
    """

    is_synthetic: bool = False
    provider: str | None = None
    note: str | None = None
    confirmed_smaller: bool = False
    is_incremental: bool = False

    @classmethod
    def from_json(cls, text: str) -> DeliveryMeta:
        """Read a `.meta.json`; an unknown key is an error, so that a misspelt one is noticed.

        Raises:
            MetaError: If it is no JSON object of the known keys with the right types.
        """
        try:
            value = json.loads(text)
        except ValueError as error:
            raise MetaError("not valid JSON") from error
        if not isinstance(value, dict):
            raise MetaError("not a JSON object")
        flags = ("is_synthetic", "confirmed_smaller", "is_incremental")
        texts = ("provider", "note")
        if unknown := sorted(set(value) - {*flags, *texts}):
            raise MetaError(f"unknown keys: {', '.join(unknown)}")
        for key in flags:
            if not isinstance(value.get(key, False), bool):
                raise MetaError(f"{key} must be true or false")
        for key in texts:
            if not isinstance(value.get(key), str | None):
                raise MetaError(f"{key} must be a text")
        if holds_personal_data(value.get("provider") or ""):
            raise MetaError("provider must name an office, without address or number of a person")
        return cls(**value)

    def require_reason(self) -> DeliveryMeta:
        """Return self, if a confirmation comes with a note.

        Raises:
            MetaError: If it does not: nobody could say later why the smaller one was taken.
        """
        if self.confirmed_smaller and not (self.note or "").strip():
            raise MetaError("confirmed_smaller needs a note that says why")
        return self

    def to_json(self) -> str:
        """Write the `.meta.json` that `from_json` reads."""
        return json.dumps(self.as_dict(), ensure_ascii=False, sort_keys=True)

    def as_dict(self) -> dict[str, object]:
        """Give the values under their names; what is seldom said only where it is."""
        value: dict[str, object] = {
            "is_synthetic": self.is_synthetic,
            "provider": self.provider,
            "note": self.note,
        }
        seldom = {
            "confirmed_smaller": self.confirmed_smaller,
            "is_incremental": self.is_incremental,
        }
        return value | {name: True for name, is_said in seldom.items() if is_said}

    def with_names(self, names: Iterable[str]) -> DeliveryMeta:
        """Mark the delivery synthetic when a file name of it says so, whatever the meta says."""
        named = any(SYNTHETIC_TOKEN in name.casefold() for name in names)
        return replace(self, is_synthetic=self.is_synthetic or named)


@dataclass(frozen=True)
class DeliveredFile:
    """One file of a delivery, as received."""

    name: str
    sha256: str
    bytes: int


@dataclass(frozen=True)
class Encryption:
    """How a payload is stored: the scheme, and the public half of the delivery's own key."""

    scheme: str
    recipient: str


@dataclass(frozen=True)
class ArchivedDelivery:
    """A delivery in the archive; its payload is read through `Archive.open_payload` only.

    `delivery_id` equals `content_sha256` but for the same bytes delivered for another source or
    period too (see `readdressed_id`).
    """

    delivery_id: str
    source: str
    period: str
    name: str
    files: tuple[DeliveredFile, ...]
    payload_dir: Path
    meta: DeliveryMeta
    received_at: datetime
    content_sha256: str
    is_folder: bool = False
    bytes: int = field(default=0)
    encryption: Encryption | None = None
    """None for what was archived before archives were encrypted: read as it lies there."""


def folder_sha256(files: Iterable[DeliveredFile]) -> str:
    """Hash a folder: the sha256 of its sorted listing, `name NUL sha256 newline` a file."""
    digest = hashlib.sha256()
    for file in sorted(files, key=lambda each: each.name.encode("utf-8")):
        digest.update(f"{file.name}\0{file.sha256}\n".encode())
    return digest.hexdigest()


def content_sha256(files: Iterable[DeliveredFile], *, is_folder: bool) -> str:
    """Give the identity of a delivery's content: of the file itself, or of the folder's listing.

    Raises:
        ValueError: If a single-file delivery does not hold exactly one file.
    """
    listed = tuple(files)
    if is_folder:
        return folder_sha256(listed)
    if len(listed) != 1:
        raise ValueError(f"a file delivery holds one file, not {len(listed)}")
    return listed[0].sha256


def readdressed_id(content: str, source: str, period: str) -> str:
    """Give the id of bytes that are already archived for another source or period.

    The same bytes may be two deliveries: an extract in which nothing changed for half a year, or
    a file first put in the wrong year's folder. The first keeps the plain content hash; any
    further address gets this id, which depends on nothing but its three arguments.
    """
    return hashlib.sha256(f"{content}\0{source}\0{period}\n".encode()).hexdigest()


def utc_text(moment: datetime) -> str:
    """Write an aware time as UTC, always with microseconds: text order is time order.

    Raises:
        ValueError: If the time carries no zone.
    """
    if moment.tzinfo is None:
        raise ValueError("a time in custody must carry its zone")
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def utc_time(text: str) -> datetime:
    """Read what `utc_text` wrote."""
    return datetime.fromisoformat(text)


def manifest_json(delivery: ArchivedDelivery) -> bytes:
    """Write the archive's manifest of a delivery; the payload's place is not part of it."""
    value = {
        "manifest_version": MANIFEST_VERSION,
        "delivery_id": delivery.delivery_id,
        "content_sha256": delivery.content_sha256,
        "source": delivery.source,
        "period": delivery.period,
        "name": delivery.name,
        "is_folder": delivery.is_folder,
        "files": [
            {"name": file.name, "sha256": file.sha256, "bytes": file.bytes}
            for file in delivery.files
        ],
        "meta": delivery.meta.as_dict(),
        "received_at": utc_text(delivery.received_at),
        "encryption": asdict(delivery.encryption) if delivery.encryption else None,
    }
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def delivery_from_manifest(data: bytes, payload_dir: Path) -> ArchivedDelivery:
    """Read a manifest.

    Raises:
        ManifestError: If it is damaged or of another version.
    """
    try:
        value = json.loads(data)
        if value["manifest_version"] != MANIFEST_VERSION:
            raise ManifestError(f"manifest version {value['manifest_version']}")
        files = tuple(
            DeliveredFile(str(file["name"]), str(file["sha256"]), int(file["bytes"]))
            for file in value["files"]
        )
        return ArchivedDelivery(
            delivery_id=_text(value, "delivery_id"),
            source=_text(value, "source"),
            period=_text(value, "period"),
            name=_text(value, "name"),
            files=files,
            payload_dir=payload_dir,
            meta=DeliveryMeta.from_json(json.dumps(value["meta"])),
            received_at=utc_time(_text(value, "received_at")),
            content_sha256=_text(value, "content_sha256"),
            is_folder=bool(value["is_folder"]),
            bytes=sum(file.bytes for file in files),
            encryption=Encryption(**value["encryption"]) if value["encryption"] else None,
        )
    except ManifestError:
        raise
    except (ValueError, KeyError, TypeError) as error:
        raise ManifestError(f"unreadable manifest: {error}") from error


def _text(value: Mapping[str, object], key: str) -> str:
    text = value[key]
    if not isinstance(text, str):
        raise ManifestError(f"{key} is not a text")
    return text
