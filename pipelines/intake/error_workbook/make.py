"""The error workbook of one delivery, from its files and what was decided on it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from pipelines.contracts.loader import load_source
from pipelines.intake.delivered_file import MINUTES
from pipelines.intake.delivery import SYNTHETIC_TOKEN, ArchivedDelivery
from pipelines.intake.error_workbook.guide import guide_lines
from pipelines.intake.error_workbook.lists import shown_list
from pipelines.intake.error_workbook.marks import marks_of
from pipelines.intake.error_workbook.surveys import shown_survey
from pipelines.intake.error_workbook.writer import write_error_workbook
from pipelines.intake.process import Decision

SUFFIX: Final = "_ret.xlsx"
_LONGEST_STEM: Final = 80


def error_workbook(delivery: ArchivedDelivery, payload: Path, decision: Decision) -> bytes | None:
    """Make the workbook that goes back to the sender of a delivery with findings.

    Args:
        delivery: What was delivered.
        payload: The folder with its files, as the archive opened it.
        decision: What was decided on it.

    Returns:
        The file's bytes. None where there is nothing to show: no findings, minutes (there are no
        rows to mend in a document), and files of which no table could be read.
    """
    if not decision.findings or _is_document(delivery, decision):
        return None
    source = load_source(delivery.source)
    show = shown_survey if delivery.source == "survey" else shown_list
    table = show(source, delivery, payload, decision)
    if table is None:
        return None
    marks = marks_of(table, decision.findings)
    title = f"Tilbagemelding på leverancen {delivery.name}"
    return write_error_workbook(
        table, marks, guide_lines(delivery, decision, table, marks), title=title
    )


def workbook_name(delivery: ArchivedDelivery) -> str:
    """The workbook's name: that of the delivery, so that it still says synthetic and its period."""
    stem = Path(delivery.name).stem[:_LONGEST_STEM]
    if delivery.meta.is_synthetic and SYNTHETIC_TOKEN not in stem.casefold():
        stem += f"_{SYNTHETIC_TOKEN.upper()}"
    return stem + SUFFIX


def _is_document(delivery: ArchivedDelivery, decision: Decision) -> bool:
    is_minutes = decision.table != load_source(delivery.source).table
    return is_minutes or Path(delivery.files[0].name).suffix.lower() in MINUTES
