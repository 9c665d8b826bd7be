"""One tidy CSV per indicator, as Danish offices open it: semicolon, decimal comma, UTF-8 with BOM.

One row per cell; numbers have six decimals at most. Text that a spreadsheet would run as a formula
is made harmless; the columns are named in Danish, with the codes beside the words.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable

from pipelines.publish.danish import LEGEND, plain
from pipelines.publish.model import Note, ReleasedCell

_START = r"[=+\-@\t\r\n＝＋－＠]"
_START_INSIDE = r"[=+\-@＝＋－＠][^\s;,]"
_SEPARATOR = r"(?<=[;,|\t\r\n\"])"
_TO_GUARD = re.compile(rf"^(?='*{_START})|{_SEPARATOR}(?='*{_START_INSIDE})")
_GUARDED = re.compile(rf"^'(?='*{_START})|{_SEPARATOR}'(?='*{_START_INSIDE})")
_SIGNS = {symbol.sign for symbol in LEGEND}
_NUMBER = re.compile(r"-\d{1,3}(\.\d{3})*(,\d+)?|-\d+(\.\d+)?")
"""A figure below nil, as it is printed in either language: no spreadsheet runs it."""
HEADER = (
    "celle_id",
    "indikator_id",
    "indikator",
    "indicator",
    "periode",
    "opdeling",
    "gruppe_kode",
    "gruppe",
    "group",
    "kategori_kode",
    "kategori",
    "category",
    "maal_kode",
    "maal",
    "measure",
    "enhed",
    "vaerdi",
    "taeller",
    "grundlag",
    "population",
    "lavest_mulige",
    "hoejest_mulige",
    "nedre_graense",
    "oevre_graense",
    "vaegtet",
    "vist",
    "tegn",
    "obs_status",
    "conf_status",
    "noter",
    "kilde",
    "source",
    "syntetisk",
)


def tidy_csv(cells: Iterable[ReleasedCell]) -> bytes:
    """Write cells as CSV.

    Args:
        cells: In the order to write.

    Returns:
        The file's bytes; the same cells give the same bytes.
    """
    return _written(HEADER, (_row(cell) for cell in cells))


def notes_csv(notes: Iterable[Note]) -> bytes:
    """Write what the codes in the column `noter` stand for."""
    texts = ([n.note_id, n.text_da, n.text_en] for n in notes)
    return _written(("note_id", "note", "note_en"), ([*map(harmless, row)] for row in texts))


def harmless(text: str) -> str:
    """Keep a spreadsheet from running text as a formula; the tables' own symbols and numbers stay.

    An apostrophe goes before what a formula can start with, at the beginning, and after a
    separator where a program that splits at other separators would begin a cell. `as_written`
    takes exactly these away again.
    """
    is_inert = text in _SIGNS or _NUMBER.fullmatch(text)
    return text if is_inert else _TO_GUARD.sub("'", text)


def as_written(text: str) -> str:
    """Return the text that `harmless` made harmless."""
    return text if text in _SIGNS else _GUARDED.sub("", text)


def _written(header: Iterable[str], rows: Iterable[Iterable[str]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(rows)
    return b"\xef\xbb\xbf" + text.getvalue().encode("utf-8")


def _row(cell: ReleasedCell) -> list[str]:
    words = (
        cell.cell_id,
        cell.indicator_id,
        cell.indicator_title_da,
        cell.indicator_title_en,
        cell.period,
        cell.breakdown_label_da,
        cell.breakdown_value,
        cell.breakdown_value_label_da,
        cell.breakdown_value_label_en,
        cell.category,
        cell.category_label_da,
        cell.category_label_en,
        cell.measure,
        cell.measure_label_da,
        cell.measure_label_en,
        cell.unit_label_da,
    )
    status = (cell.obs_status, cell.conf_status, cell.note_ids, cell.sources_da, cell.sources_en)
    return [
        *map(harmless, words),
        plain(cell.value),
        plain(cell.numerator),
        plain(cell.base),
        plain(cell.population),
        plain(cell.lowest_possible),
        plain(cell.highest_possible),
        plain(cell.lower_bound),
        plain(cell.upper_bound),
        plain(cell.weighted_value),
        harmless(cell.display_da),
        harmless(cell.symbol),
        *map(harmless, status),
        "ja" if cell.is_synthetic else "nej",
    ]
