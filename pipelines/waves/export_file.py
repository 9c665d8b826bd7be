"""A survey export from a path of a person's own: folder, zip, workbook or SPSS, by safe readers.

The same readers as at the gate, so that what is compared here is what would be loaded.
"""

from __future__ import annotations

import os
from pathlib import Path

from pipelines.durable import open_regular
from pipelines.intake.findings import rejected
from pipelines.intake.readers.survey import read_survey
from pipelines.intake.readers.surveyxact import SurveyExport
from pipelines.intake.readers.zipped import read_zip


def read_export(path: Path) -> SurveyExport:
    """Read the export at a path; links and special files are not followed.

    Raises:
        DeliveryRejected: It is not a survey export that can be read.
        OSError: It is no regular file, or cannot be opened.
    """
    if path.is_dir():
        files = {each.name: _bytes(each) for each in sorted(path.iterdir()) if each.is_file()}
        if not files:
            raise rejected("F18_survey_set_incomplete", file=path.name, parts="dataset")
    elif path.suffix.casefold() == ".zip":
        files = read_zip(_bytes(path), path.name)
    else:
        files = {path.name: _bytes(path)}
    return read_survey(files, path.name)


def _bytes(path: Path) -> bytes:
    with os.fdopen(open_regular(path), "rb") as handle:
        return handle.read()
