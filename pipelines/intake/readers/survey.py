"""A survey's delivery in any of its containers, read in a child process: one shape for all.

Containers are a SurveyXact set of text files, a SurveyXact workbook, and an SPSS file, which holds
answers, labels and questions in one. What a variable means is the code book's to say.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import PurePath

from pydantic import TypeAdapter

from pipelines.intake.findings import finding, rejected
from pipelines.intake.readers.container import Container, recognise, wrong_container
from pipelines.intake.readers.safe_parse import Limits, parse_in_child
from pipelines.intake.readers.surveyxact import SurveyExport, read_surveyxact
from pipelines.intake.readers.surveyxact_parts import ACCEPTED_FORMS, part_of
from pipelines.intake.readers.xlsx import WORKBOOK_SUFFIXES

SPSS_SUFFIXES = frozenset({".sav", ".zsav"})
_PORTABLE_SUFFIX = ".por"


def read_survey(
    files: Mapping[str, bytes], name: str, limits: Limits | None = None
) -> SurveyExport:
    """Read an export.

    Args:
        files: The delivered files by name.
        name: The delivery's name, for the messages.
        limits: Memory and time for the child; the installation's by default.

    Raises:
        DeliveryRejected: The export cannot be read, is not whole, or is there twice.
    """
    suffixes = {file: PurePath(file).suffix.casefold() for file in files}
    spss = [file for file, suffix in suffixes.items() if suffix in SPSS_SUFFIXES]
    if spss:
        return _read_spss(files, spss, name, limits)
    if set(suffixes.values()) == {_PORTABLE_SUFFIX}:
        raise rejected(
            "F22_unsupported_format", file=name, extension=_PORTABLE_SUFFIX, accepted=ACCEPTED_FORMS
        )
    if len(files) == 1 and set(suffixes.values()) <= WORKBOOK_SUFFIXES:
        return read_surveyxact(files, name)  # its workbook is parsed in a child of its own
    return _export().validate_python(parse_in_child("survey", _packed(files), name, limits))


def _read_spss(
    files: Mapping[str, bytes], spss: list[str], name: str, limits: Limits | None
) -> SurveyExport:
    """The SPSS file of a delivery; what else is there must not be a data set too."""
    others = sorted(set(files) - set(spss))
    data_sets = sorted([*spss, *(file for file in others if part_of(file) == "dataset")])
    if len(data_sets) > 1:
        raise rejected("F15_several_data_sets", file=name, names=", ".join(data_sets))
    file = spss[0]
    found = recognise(files[file])
    if found is not Container.SPSS:
        raise wrong_container(found, ".sav", file)
    export = _export().validate_python(parse_in_child("sav", files[file], file, limits))
    told = [replace(each, file=file) for each in export.dataset.findings]
    told += [finding("W07_file_set_aside", file=other) for other in others]
    return replace(export, dataset=replace(export.dataset, file=file, findings=tuple(told)))


def _packed(files: Mapping[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as packed:
        for file, data in files.items():
            packed.writestr(file, data)
    return stream.getvalue()


@lru_cache(maxsize=1)
def _export() -> TypeAdapter[SurveyExport]:
    """Holds a child's answer against the declared types: it is as untrusted as the file."""
    return TypeAdapter(SurveyExport)
