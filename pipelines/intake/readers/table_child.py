"""Read one untrusted delimited file whole; runs inside the child process only.

For files that fit into memory; larger ones come in chunks (`delimited_child`).
"""

from __future__ import annotations

import json
import zipfile
from dataclasses import asdict, fields
from typing import IO, Any

from pipelines.intake.readers.delimited import read_delimited
from pipelines.intake.readers.tables import TextTable

DATA, TASK = "data", "task"
"""What the parent packs into the one input a child has: the file, and what is wanted of it."""


def read_table(source: IO[bytes]) -> dict[str, Any]:
    """Return the file as a `TextTable` in plain data.

    Raises:
        DeliveryRejected: See `read_delimited`; without the file's name, which the parent has.
    """
    with zipfile.ZipFile(source) as packed:
        data, task = packed.read(DATA), json.loads(packed.read(TASK))
    return as_data(read_delimited(data, "", task["required"], wanted_headers=task["wanted"]))


def as_data(table: TextTable) -> dict[str, Any]:
    """A table in plain data; its rows as they are, for copying them would take the longest."""
    data = {each.name: getattr(table, each.name) for each in fields(table)}
    return data | {"findings": [asdict(each) for each in table.findings]}
