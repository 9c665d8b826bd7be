"""The list of everything that is shipped, and the one function that writes it."""

from __future__ import annotations

from pathlib import Path

from scripts.make_deliveries import register_files, surveyxact
from scripts.make_deliveries.files import Delivery

GENERATED = ("survey", "driftsstoette", "styringsdialog", "broken")


def all_deliveries() -> list[Delivery]:
    """Every delivery, good and broken."""
    return [*surveyxact.deliveries(), *register_files.deliveries()]


def write_all(root: Path) -> int:
    """Write them below a folder and say how many there are."""
    found = all_deliveries()
    for delivery in found:
        delivery.write(root)
    return len(found)
