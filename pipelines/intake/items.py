"""One entry of the inbox: is it a delivery, whole, and what does its sender say of it?

The side files (`.meta.json`, `.sha256`) and the files of a folder are read here; walking the
inbox and sorting what is ready from what is not is in `inbox`.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pipelines.durable import open_regular, sha256_of
from pipelines.intake import names
from pipelines.intake.completeness import SeenFile, quiet_seconds, unproven
from pipelines.intake.delivery import DeliveryMeta, MetaError
from pipelines.intake.names import Reason

SIDECAR_MAX_BYTES = 1 << 20

_MANIFEST_LINE = re.compile(r"([0-9a-fA-F]{64})(?:[ \t]+\*?(.+))?")

BAD_META = Reason(
    "inbox.bad_meta",
    "Filen .meta.json ved siden af kan ikke læses (JSON med is_synthetic, provider, note; "
    "confirmed_smaller kræver en note).",
    "The .meta.json beside it cannot be read (JSON with is_synthetic, provider, note; "
    "confirmed_smaller needs a note).",
    "{is_synthetic: ja} – nøgler og tekst skal stå i anførselstegn, og ja skrives true.",
)
BAD_MANIFEST = Reason(
    "inbox.bad_manifest",
    "Filen .sha256 ved siden af er ikke en liste over leverancens filer.",
    "The .sha256 beside it is not a list of the delivery's files.",
    "En .sha256 med filens navn, men uden kontrolsummen.",
)
MANIFEST_DIFFERS = Reason(
    "inbox.manifest_differs",
    "Indholdet svarer ikke til .sha256-listen: kopieringen er ikke færdig, eller filen er ændret.",
    "The content does not match the .sha256 list: still being copied, or changed on the way.",
    "Filen er gemt igen, efter at kontrolsummen blev regnet ud.",
)
LONE_SIDECAR = Reason(
    "inbox.lone_sidecar",
    "Følgefilen (.meta.json eller .sha256) er her, men leverancen selv mangler endnu.",
    "The side file (.meta.json or .sha256) is here, but the delivery itself is not yet.",
    "udtræk.csv.sha256 uden udtræk.csv.",
)


@dataclass(frozen=True)
class InboxItem:
    """A delivery that is complete and can be received."""

    source: str
    period: str
    name: str
    path: Path
    is_folder: bool
    files: tuple[SeenFile, ...]
    meta: DeliveryMeta
    announced: Mapping[str, str] | None
    sidecars: tuple[Path, ...]

    @property
    def signature(self) -> str:
        """A short text that changes when the item does; a sensor's run key without hashing."""
        digest = hashlib.sha256(f"{self.source}\0{self.period}\0{self.name}".encode())
        for file in self.files:
            digest.update(f"\0{file.name}\0{file.size}\0{file.mtime_ns}\0{file.inode}".encode())
        return digest.hexdigest()[:32]


class HeldError(Exception):
    """Carries out of an examination why an entry is held; `may_mend` if time alone can mend it."""

    def __init__(self, reason: Reason, *, may_mend: bool = False) -> None:
        super().__init__(reason.rule)
        self.reason = reason
        self.may_mend = may_mend


@dataclass(frozen=True)
class Scrutiny:
    """How closely an item is examined: at what time, how long settled, hashed or not."""

    now: datetime
    settle_seconds: float
    verify_manifests: bool


def examine(
    scrutiny: Scrutiny,
    entry: os.DirEntry[str],
    present: Collection[str],
    source: str,
    period: str | None,
) -> InboxItem:
    """Make an item of an entry of the inbox.

    Args:
        scrutiny: How closely to look.
        entry: What was found; a link is not followed.
        present: The names of all entries beside it, for its side files.
        source: The source whose folder it lies in.
        period: The period by its folder or its name, if there is one.

    Raises:
        HeldError: If it is not a complete delivery, with the reason.
    """
    if names.is_in_progress(entry.name):
        raise HeldError(names.IN_PROGRESS, may_mend=True)
    if (reason := names.refusal_of_name(entry.name)) is not None:
        raise HeldError(reason)
    if (reason := refusal_of_kind(entry)) is not None:
        raise HeldError(reason)
    if item_of_sidecar(entry.name) is not None:
        raise HeldError(LONE_SIDECAR, may_mend=True)
    if period is None:
        raise HeldError(names.NO_PERIOD)
    path = Path(entry.path)
    is_folder = entry.is_dir(follow_symlinks=False)
    name = unicodedata.normalize("NFC", entry.name)
    files = _folder_files(path) if is_folder else (_seen(name, entry),)
    sidecars = tuple(
        path.with_name(entry.name + suffix)
        for suffix in (names.META_SUFFIX, names.MANIFEST_SUFFIX)
        if entry.name + suffix in present
    )
    meta = _meta(path).with_names((name, *(file.name for file in files)))
    announced = _announced(path, files, is_folder=is_folder)
    item = InboxItem(source, period, name, path, is_folder, files, meta, announced, sidecars)
    _require_complete(scrutiny, item)
    return item


def _require_complete(scrutiny: Scrutiny, item: InboxItem) -> None:
    if item.announced is None:
        stamps = [stamp for file in item.files for stamp in (file.mtime_ns, file.ctime_ns)]
        if item.is_folder:
            stamps.append(os.lstat(item.path).st_ctime_ns)
        reason = unproven(item.files, quiet_seconds(stamps, scrutiny.now), scrutiny.settle_seconds)
        if reason is not None:
            raise HeldError(reason, may_mend=True)
    elif scrutiny.verify_manifests and any(
        sha256_of(file.path) != item.announced[file.name] for file in item.files
    ):
        raise HeldError(MANIFEST_DIFFERS, may_mend=True)


def _folder_files(folder: Path) -> tuple[SeenFile, ...]:
    files: dict[str, SeenFile] = {}
    entries = entries_of(folder)
    if names.doubled(entry.name for entry in entries):
        raise HeldError(names.SAME_NAME)
    for entry in entries:
        if entry.name.casefold() in names.DESKTOP_FILES:
            continue
        if names.is_in_progress(entry.name) or entry.name.startswith(names.LOCK_PREFIXES):
            raise HeldError(names.IN_PROGRESS, may_mend=True)
        if (reason := names.refusal_of_name(entry.name)) is not None:
            raise HeldError(reason)
        if (reason := refusal_of_kind(entry)) is not None:
            raise HeldError(reason)
        if entry.is_dir(follow_symlinks=False):
            raise HeldError(names.SUBFOLDER)
        name = unicodedata.normalize("NFC", entry.name)
        files[name] = _seen(name, entry)
    return tuple(files[name] for name in sorted(files))


def _meta(item: Path) -> DeliveryMeta:
    text = _sidecar_text(item, names.META_SUFFIX, BAD_META)
    try:
        return DeliveryMeta() if text is None else DeliveryMeta.from_json(text).require_reason()
    except MetaError as error:
        raise HeldError(BAD_META, may_mend=True) from error


def _announced(
    item: Path, files: tuple[SeenFile, ...], *, is_folder: bool
) -> Mapping[str, str] | None:
    text = _sidecar_text(item, names.MANIFEST_SUFFIX, BAD_MANIFEST)
    if text is None:
        return None
    listed: dict[str, str] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        matched = _MANIFEST_LINE.fullmatch(line)
        if matched is None or (matched[2] is None and is_folder):
            raise HeldError(BAD_MANIFEST, may_mend=True)
        name = re.split(r"[/\\]", matched[2])[-1] if matched[2] else files[0].name
        listed[unicodedata.normalize("NFC", name)] = matched[1].lower()
    if set(listed) != {file.name for file in files}:
        raise HeldError(MANIFEST_DIFFERS if listed else BAD_MANIFEST, may_mend=True)
    return listed


def _sidecar_text(item: Path, suffix: str, reason: Reason) -> str | None:
    path = item.with_name(item.name + suffix)
    if not os.path.lexists(path):
        return None
    try:
        with os.fdopen(open_regular(path), "rb") as stream:
            data = stream.read(SIDECAR_MAX_BYTES + 1)
        if len(data) > SIDECAR_MAX_BYTES:
            raise HeldError(reason)
        return data.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise HeldError(reason, may_mend=True) from error


def item_of_sidecar(name: str) -> str | None:
    """Name the item that a side file belongs to; None when the name is not that of one."""
    for suffix in (names.META_SUFFIX, names.MANIFEST_SUFFIX):
        if name.endswith(suffix) and len(name) > len(suffix):
            return name.removesuffix(suffix)
    return None


def _seen(name: str, entry: os.DirEntry[str]) -> SeenFile:
    return SeenFile.of(name, Path(entry.path), entry.stat(follow_symlinks=False))


def refusal_of_kind(entry: os.DirEntry[str]) -> Reason | None:
    """Say why an entry is refused for what it is (a link, a FIFO), or None for file and folder."""
    mode = entry.stat(follow_symlinks=False).st_mode
    if stat.S_ISLNK(mode):
        return names.SYMBOLIC_LINK
    return None if stat.S_ISREG(mode) or stat.S_ISDIR(mode) else names.SPECIAL_FILE


def entries_of(folder: Path) -> list[os.DirEntry[str]]:
    """List a folder in the order of its names; one that has just gone is empty."""
    try:
        with os.scandir(folder) as found:
            return sorted(found, key=lambda entry: os.fsencode(entry.name))
    except FileNotFoundError:
        return []
