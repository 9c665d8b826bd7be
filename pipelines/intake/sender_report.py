"""What goes back to a sender: the findings of a delivery as a list to work through.

One folder a delivery under `quarantine/`, in a form that a spreadsheet opens and takes for text.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from pipelines.durable import make_durable_dir, write_replacing
from pipelines.intake.delivery import ArchivedDelivery
from pipelines.intake.findings import Finding
from pipelines.settings import Settings

HEADER = ("fil", "ark", "række", "kolonne", "regel", "alvor", "besked", "message in English")
_FORMULA_STARTS = frozenset("=+-@\t\r")


def tell_sender(
    settings: Settings, delivery: ArchivedDelivery, findings: Sequence[Finding]
) -> None:
    """Write a delivery's findings: what concerns the whole file first, then row by row.

    Where there are none no list is left either, as when a mended contract accepts the delivery.
    """
    path = findings_path(settings, delivery.delivery_id)
    if not findings:
        path.unlink(missing_ok=True)
        return
    make_durable_dir(path.parent)
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    writer.writerow(HEADER)
    for finding in sorted(findings, key=lambda each: each.row or 0):
        writer.writerow([_inert(value) for value in finding.to_dict().values()])
    write_replacing(path, text.getvalue().encode("utf-8-sig"))


def findings_path(settings: Settings, delivery_id: str) -> Path:
    """Where a delivery's findings are, if there are any."""
    return settings.quarantine_dir / delivery_id / "findings.csv"


def _inert(value: object) -> str:
    """A cell that a spreadsheet takes for text and nothing else."""
    text = "" if value is None else str(value)
    return f"'{text}" if text[:1] in _FORMULA_STARTS else text
