"""A delimited file that fits into memory, read in a child process.

What the text says is read by `delimited`; here is the way there and back. A file of nothing but
line ends is small and asks for much, so no text is taken apart outside the child's limits.
"""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from functools import lru_cache

from pydantic import TypeAdapter

from pipelines.intake.readers.layout import Wanted
from pipelines.intake.readers.safe_parse import Limits, parse_in_child
from pipelines.intake.readers.table_child import DATA, TASK
from pipelines.intake.readers.tables import TextTable


def read_text_table(
    data: bytes, name: str, required: Wanted, wanted: Wanted, limits: Limits | None = None
) -> TextTable:
    """Read the one table of a delimited file.

    Args:
        data: The file's bytes.
        name: Its name, for findings.
        required: Canonical name to headings, by which the heading row is found.
        wanted: All columns somebody reads; faults of cells elsewhere are then warnings.
        limits: For a small file; those of the installation by default. They grow with the file.

    Raises:
        DeliveryRejected: The text or its heading row cannot be read, or it ran into a limit.
    """
    task = {"required": required, "wanted": wanted}
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as packed:
        packed.writestr(DATA, data)
        packed.writestr(TASK, json.dumps(task))
    limits = (limits or Limits.of_installation()).for_text_of(len(data))
    answer = parse_in_child("table", stream.getvalue(), name, limits)
    table = _table().validate_python(answer)
    return replace(table, file=name, findings=tuple(replace(f, file=name) for f in table.findings))


@lru_cache(maxsize=1)
def _table() -> TypeAdapter[TextTable]:
    """Holds a child's answer against the declared types: it is as untrusted as the file."""
    return TypeAdapter(TextTable)
