"""CSV for machines: comma, decimal point, UTF-8 without BOM, codes and words in both languages.

Numbers are the release's own, to the last digit. Text that a spreadsheet would take for a formula
is guarded as in the CSV for offices; `harmless` says how, and `as_written` undoes it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from pipelines.publish.formats.columns import Column
from pipelines.publish.tidy_csv import harmless


def plain_csv(columns: Sequence[Column], records: Iterable[object]) -> bytes:
    """Write records as CSV.

    Args:
        columns: What to write of each.
        records: In the order to write.

    Returns:
        The file's bytes; the same records give the same bytes.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([column.name for column in columns])
    writer.writerows([_text(c.value_of(record)) for c in columns] for record in records)
    return text.getvalue().encode("utf-8")


def _text(value: object) -> str:
    if isinstance(value, str):
        return harmless(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return "" if value is None else str(value)
