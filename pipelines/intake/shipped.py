"""A folder of example deliveries, `<source>/<period>/<item>`, as the repository ships them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipelines.contracts.loader import source_names
from pipelines.intake.delivery import DeliveryMeta

META_SUFFIX = ".meta.json"
BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class ShippedItem:
    """One delivery of the folder."""

    path: Path
    source: str
    period: str
    meta: DeliveryMeta | None


def shipped_items(folder: Path) -> Iterator[ShippedItem]:
    """All deliveries of a folder; the ones under `broken/` first.

    What is broken was sent first and mended afterwards, so the good file of the same period is
    the newer one.
    """
    for root in (folder / BROKEN, folder):
        for source in source_names():
            for path in sorted((root / source).glob("*/*")):
                if not path.name.endswith(META_SUFFIX):
                    yield ShippedItem(path, source, path.parent.name, _meta(path))


def _meta(path: Path) -> DeliveryMeta | None:
    side = path.with_name(path.name + META_SUFFIX)
    return DeliveryMeta.from_json(side.read_text("utf-8")) if side.is_file() else None
