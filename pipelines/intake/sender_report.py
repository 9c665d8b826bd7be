"""What goes back to a sender: the findings of a delivery as a list to work through.

One folder a delivery under `quarantine/`, in a form that a spreadsheet opens and takes for text.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence

from pipelines.durable import make_durable_dir
from pipelines.intake.delivery import ArchivedDelivery
from pipelines.intake.findings import Finding
from pipelines.settings import Settings

HEADER = ("fil", "ark", "række", "kolonne", "regel", "alvor", "besked", "message in English")
_FORMULA_STARTS = frozenset("=+-@\t\r")


def tell_sender(
    settings: Settings, delivery: ArchivedDelivery, findings: Sequence[Finding]
) -> None:
    """Write a delivery's findings; nothing is written where there are none."""
    if not findings:
        return
    folder = settings.quarantine_dir / delivery.delivery_id
    make_durable_dir(folder)
    with (folder / "findings.csv").open("w", encoding="utf-8-sig", newline="") as handle:
        writer = csv.writer(handle, delimiter=";")
        writer.writerow(HEADER)
        for finding in findings:
            writer.writerow([_inert(value) for value in finding.to_dict().values()])


def _inert(value: object) -> str:
    """A cell that a spreadsheet takes for text and nothing else."""
    text = "" if value is None else str(value)
    return f"'{text}" if text[:1] in _FORMULA_STARTS else text
