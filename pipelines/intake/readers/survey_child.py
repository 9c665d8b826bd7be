"""Read an untrusted SurveyXact file set; runs inside the child process only.

The parent packs the set into one stream, since a child has a single input; what the parts say is
read by `surveyxact` as anywhere else.
"""

from __future__ import annotations

import zipfile
from dataclasses import asdict
from typing import IO, Any

from pipelines.intake.readers.surveyxact import read_surveyxact


def read_set(source: IO[bytes]) -> dict[str, Any]:
    """Return the set as a `SurveyExport` in plain data.

    The packing is the parent's own (`survey`), so nothing about it needs to be checked.

    Raises:
        DeliveryRejected: See `read_surveyxact`; without the delivery's name, which the parent has.
    """
    with zipfile.ZipFile(source) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    return asdict(read_surveyxact(files, ""))
