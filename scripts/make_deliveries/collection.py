"""The list of everything that is shipped, and the one function that writes it."""

from __future__ import annotations

import shutil
from pathlib import Path

from scripts.make_deliveries import broken, dialogue, minutes, register_files, surveyxact
from scripts.make_deliveries.files import Delivery
from scripts.make_deliveries.reconstruction_report import REPORT_NAME, report

GENERATED = ("survey", "driftsstoette", "styringsdialog", "broken")


def all_deliveries() -> list[Delivery]:
    """Every delivery, good and broken."""
    return [
        *surveyxact.deliveries(),
        *register_files.deliveries(),
        *dialogue.deliveries(),
        *minutes.deliveries(),
        *broken.deliveries(),
    ]


def write_all(root: Path) -> int:
    """Replace what is below a folder and say how many there are; all are made before any goes."""
    found = all_deliveries()
    for name in GENERATED:
        shutil.rmtree(root / name, ignore_errors=True)
    for delivery in found:
        delivery.write(root)
    (root / REPORT_NAME).write_bytes(report())
    return len(found)
