"""Ways to write the intake wrong that only a kill brings to light; the harness must catch each.

Each is a patch of the real code within a stack, and the step and point at which a kill shows it.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from unittest import mock

import duckdb
import story

from pipelines.durable import Checkpoint, no_checkpoint, write_replacing
from pipelines.intake import archive as archive_module
from pipelines.intake import deciding, take_in
from pipelines.intake import payload as payload_module
from pipelines.intake.archive import Archive, Candidate
from pipelines.intake.delivery import ArchivedDelivery, delivery_from_manifest
from pipelines.intake.ledger import Ledger, received_event
from pipelines.privacy.delivery_keys import DeliveryKeys
from pipelines.settings import Settings
from pipelines.warehouse import store
from pipelines.warehouse.rows import _insert


@dataclass(frozen=True)
class Broken:
    """A wrong way; dying at `point` of `step` shows it."""

    apply: Callable[[ExitStack], None]
    step: str
    point: str

    @property
    def name(self) -> str:
        return self.apply.__name__


def _patch(stack: ExitStack, where: object, name: str, value: object) -> None:
    stack.enter_context(mock.patch.object(where, name, value))


def ledger_before_payload(stack: ExitStack) -> None:
    """The ledger says received before the entry is in the archive."""
    move_in = Archive._move_in

    def wrong(self: Archive, temporary: Path, delivery_id: str, checkpoint: Checkpoint) -> None:
        manifest = (temporary / "manifest.json").read_bytes()
        delivery = delivery_from_manifest(manifest, temporary / "payload")
        event = received_event(delivery, at=delivery.received_at, by="run")
        Ledger(self.root.parent / "ledger.jsonl").append(event, checkpoint=checkpoint)
        move_in(self, temporary, delivery_id, checkpoint)

    _patch(stack, Archive, "_move_in", wrong)


def key_after_payload(stack: ExitStack) -> None:
    """The entry is in the archive before its key is kept."""
    waiting: list[tuple[Any, ...]] = []
    keep, move_in = DeliveryKeys.keep, Archive._move_in

    def wrong(self: Archive, temporary: Path, delivery_id: str, checkpoint: Checkpoint) -> None:
        move_in(self, temporary, delivery_id, checkpoint)
        keep(*waiting.pop())

    _patch(stack, DeliveryKeys, "keep", lambda *given: waiting.append(given))
    _patch(stack, Archive, "_move_in", wrong)


def inbox_cleared_first(stack: ExitStack) -> None:
    """A file is taken out of the inbox before it is archived."""
    original = Archive.store

    def wrong(self: Archive, candidate: Candidate, **more: Any) -> ArchivedDelivery:
        moved = {}
        for name, path in candidate.files.items():
            moved[name] = self.root.parent.parent / f"taken {name}"
            path.rename(moved[name])
        return original(self, replace(candidate, files=moved), **more)

    _patch(stack, Archive, "store", wrong)


def plaintext_on_the_way(stack: ExitStack) -> None:
    """A file is copied in plain before it is encrypted from the copy."""
    original = payload_module.write_payload

    def wrong(files: dict[str, Path], folder: Path, *more: Any) -> Any:
        copies = {}
        for name, path in files.items():
            copies[name] = folder.parent / name
            shutil.copy(path, copies[name])
        return original(copies, folder, *more)

    _patch(stack, archive_module, "write_payload", wrong)


def loaded_on_top(stack: ExitStack) -> None:
    """A killed run's copy is gone on with, and what it loaded of a delivery is not replaced."""
    begin = store.begin_build

    def wrong_begin(settings: Settings, **more: Any) -> Path:
        return settings.build_path if settings.build_path.exists() else begin(settings, **more)

    def wrong_load(con: Any, table: str, delivery_id: str, relation: str | None) -> int:
        return 0 if relation is None else _insert(con, f"raw.{table}", delivery_id, relation)

    _patch(stack, take_in, "begin_build", wrong_begin)
    _patch(stack, deciding, "replace_delivery_rows", wrong_load)


def promoted_in_place(stack: ExitStack) -> None:
    """The live file is written over."""

    def wrong(settings: Settings, *, checkpoint: Checkpoint = no_checkpoint) -> None:
        data = settings.build_path.read_bytes()
        settings.live_path.chmod(0o644)
        with settings.live_path.open("r+b") as live:
            live.write(data[: len(data) // 2])
            live.flush()
            checkpoint("promote.replaced")
            live.write(data[len(data) // 2 :])

    _patch(stack, story, "promote", wrong)


def promoted_without_closing(stack: ExitStack) -> None:
    """The build copy goes live while what was loaded still stands in its log."""
    connect = duckdb.connect

    def wrong_connect(*given: Any, **more: Any) -> duckdb.DuckDBPyConnection:
        con = connect(*given, **more)
        if not more.get("read_only"):
            con.execute("pragma disable_checkpoint_on_shutdown")
        return con

    def wrong_promote(settings: Settings, *, checkpoint: Checkpoint = no_checkpoint) -> None:
        settings.build_path.replace(settings.live_path)
        checkpoint("promote.replaced")

    _patch(stack, duckdb, "connect", wrong_connect)
    _patch(stack, story, "promote", wrong_promote)


def key_gone_before_its_tombstone(stack: ExitStack) -> None:
    """An erased delivery's key is destroyed before it is said that it was on purpose."""

    def wrong(self: DeliveryKeys, delivery_id: str, *, checkpoint: Checkpoint) -> None:
        self._key(delivery_id).unlink(missing_ok=True)
        checkpoint("erase.tombstone")
        write_replacing(self._tombstone(delivery_id), b"", mode=0o444)

    _patch(stack, DeliveryKeys, "destroy", wrong)


BROKEN = (
    Broken(ledger_before_payload, "first", "ledger.durable"),
    Broken(key_after_payload, "first", "archive.renamed"),
    Broken(inbox_cleared_first, "first", "archive.payload_copied"),
    Broken(plaintext_on_the_way, "first", "archive.payload_copied"),
    Broken(loaded_on_top, "second", "load.rows_loaded"),
    Broken(promoted_in_place, "second", "promote.replaced"),
    Broken(promoted_without_closing, "second", "promote.replaced"),
    Broken(key_gone_before_its_tombstone, "erased", "erase.tombstone"),
)
