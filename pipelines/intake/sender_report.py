"""What goes back to a sender: the findings of a delivery, and its own rows with them marked.

One folder a delivery under `quarantine/`, readable by its owner alone: a list that a spreadsheet
opens and takes for text, and a workbook to mend and deliver again (`error_workbook`). The list is
always there where there are findings; the workbook where a table could be read.
"""

from __future__ import annotations

import csv
import io
import logging
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from pipelines.durable import make_durable_dir, write_replacing
from pipelines.intake.archive import Archive
from pipelines.intake.delivery import ArchivedDelivery
from pipelines.intake.error_workbook.make import SUFFIX, error_workbook, workbook_name
from pipelines.intake.findings import Finding
from pipelines.intake.process import Decision
from pipelines.settings import Settings

LOG = logging.getLogger(__name__)

HEADER = ("fil", "ark", "række", "kolonne", "regel", "alvor", "besked", "message in English")
_FORMULA_STARTS = frozenset("=+-@\t\r")
_FILE_MODE: Final = 0o600
_FOLDER_MODE: Final = 0o700


def return_to_sender(
    settings: Settings, archive: Archive, delivery: ArchivedDelivery, decision: Decision
) -> None:
    """Write what the sender of a delivery gets back; nothing is left of an earlier decision.

    A workbook that cannot be made is our fault and holds up nothing: the list says it all.
    """
    _sweep(settings.quarantine_dir / delivery.delivery_id)
    tell_sender(settings, delivery, decision.findings)
    workbook: bytes | None = None
    if decision.findings:
        try:
            with archive.open_payload(delivery) as payload:
                workbook = error_workbook(delivery, payload, decision)
        except Exception as error:
            # the error's own text is left out, for it may quote a cell
            LOG.error(
                "no error workbook of delivery %s: %s\n%s",
                delivery.delivery_id[:12],
                type(error).__name__,
                "".join(traceback.format_tb(error.__traceback__)),
            )
    path = settings.quarantine_dir / delivery.delivery_id / workbook_name(delivery)
    if workbook is None:
        path.unlink(missing_ok=True)
    else:
        write_replacing(path, workbook, mode=_FILE_MODE)


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
    path.parent.chmod(_FOLDER_MODE)
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    writer.writerow(HEADER)
    for finding in sorted(findings, key=lambda each: each.row or 0):
        writer.writerow([_inert(value) for value in finding.to_dict().values()])
    write_replacing(path, text.getvalue().encode("utf-8-sig"), mode=_FILE_MODE)


def _sweep(folder: Path) -> None:
    """Remove what a killed run was writing here; what it had decided is decided again."""
    for left in folder.glob(".*.part"):
        left.unlink()


def findings_path(settings: Settings, delivery_id: str) -> Path:
    """Where a delivery's findings are, if there are any."""
    return settings.quarantine_dir / delivery_id / "findings.csv"


def workbook_path(settings: Settings, delivery_id: str) -> Path | None:
    """Where a delivery's error workbook is, if it has one."""
    folder = settings.quarantine_dir / delivery_id
    return next(iter(sorted(folder.glob(f"*{SUFFIX}"))), None) if folder.is_dir() else None


def _inert(value: object) -> str:
    """A cell that a spreadsheet takes for text and nothing else."""
    text = "" if value is None else str(value)
    return f"'{text}" if text[:1] in _FORMULA_STARTS else text
