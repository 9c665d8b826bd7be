"""The one file a delivery comes down to, out of the zip it may have come in, and how it is read.

Which reader a file goes to is decided here, by its name; what it says is held against the contract
in `process`. Surveys, which may be sets of files, go their own way there.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from pipelines.contracts.model import Source
from pipelines.intake.completeness import Structure, structure_of, structure_of_data
from pipelines.intake.conform.streamed import can_be_streamed
from pipelines.intake.conform.table import required_headers, wanted_headers
from pipelines.intake.delivery import ArchivedDelivery
from pipelines.intake.findings import DeliveryRejected, Finding, finding, rejected
from pipelines.intake.readers.delimited import DELIMITERS
from pipelines.intake.readers.layout import MAX_TITLE_LINES, Wanted
from pipelines.intake.readers.tables import TextTable, match_header
from pipelines.intake.readers.text_table import read_text_table
from pipelines.intake.readers.xlsx import WORKBOOK_SUFFIXES, read_xlsx_table
from pipelines.intake.readers.zipped import read_zip

MINUTES = frozenset({".docx", ".pdf"})
TEXT_TABLES = frozenset({".csv", ".txt"})
STREAMED_BYTES = 1 << 22
"""Text files from this size on are read and loaded in chunks: that takes a third of the time."""
LARGE_BYTES = 1 << 25
"""Smaller text files fit into memory: they are shown whole to their sender, and judged as a whole
where chunks cannot tell."""

_UNPACKED = ".unpacked"
_HEAD_BYTES = 1 << 14


class OneFile(NamedTuple):
    """A file by the name its sender gave it, and where its bytes are."""

    name: str
    path: Path

    @property
    def suffix(self) -> str:
        """The ending of its name, in small letters."""
        return Path(self.name).suffix.lower()


def one_file(source: Source, delivery: ArchivedDelivery, payload: Path) -> OneFile:
    """The one file of a delivery; out of a zip it is put beside it in the private folder.

    Raises:
        DeliveryRejected: It is a folder (F22), or a zip that cannot be used or holds several files.
    """
    if delivery.is_folder:
        raise _unsupported(source, delivery.name, "(mappe)")
    name = delivery.files[0].name
    if Path(name).suffix.lower() != ".zip":
        return OneFile(name, payload / name)
    members = read_zip((payload / name).read_bytes(), name)
    if len(members) != 1:
        raise rejected("F15_several_data_sets", file=name, names=", ".join(sorted(members)))
    inner, data = next(iter(members.items()))
    path = payload / _UNPACKED
    path.write_bytes(data)
    return OneFile(inner, path)


def check_ending(name: str, file: Path | bytes) -> Finding | None:
    """Reject a text that ends inside a line: a sender's hashes vouch for the half he sent.

    Returns:
        A word to the sender where the last line has all its fields but no end: its last cell may
        have been cut short, and nobody can tell.
    """
    structure = _text_ending(file) if Path(name).suffix.lower() in TEXT_TABLES else "whole"
    if structure == "cut_off":
        raise rejected(
            "F11_corrupt_file",
            file=name,
            detail_da="den slutter midt i en linje",
            detail_en="it ends inside a line",
        )
    return finding("W14_no_last_newline", file=name) if structure == "plausible" else None


def _text_ending(file: Path | bytes) -> Structure:
    if isinstance(file, bytes):
        return structure_of_data(file) if file else "whole"
    return structure_of(file) if file.stat().st_size else "whole"


def may_be_streamed(source: Source, delivery: ArchivedDelivery) -> bool:
    """Whether a delivery's file may turn out to be one that `is_streamed`, before it is opened."""
    suffix = Path(delivery.files[0].name).suffix.lower()
    is_large_text = suffix in TEXT_TABLES and delivery.bytes >= STREAMED_BYTES
    is_one = not delivery.is_folder and (is_large_text or suffix == ".zip")
    return is_one and can_be_streamed(source)


def is_streamed(source: Source, file: OneFile) -> bool:
    """Whether a file is a text so large that it is read and loaded in chunks."""
    is_long = file.suffix in TEXT_TABLES and file.path.stat().st_size >= STREAMED_BYTES
    return is_long and can_be_streamed(source)


def is_excerpted(source: Source, file: OneFile) -> bool:
    """Whether a file is so large that its sender is shown its bad rows alone."""
    return is_large_text(file.name, file.path) and can_be_streamed(source)


def is_large_text(name: str, path: Path) -> bool:
    """Whether a file, by the name its sender gave it, is a text too large to be read whole."""
    return Path(name).suffix.lower() in TEXT_TABLES and path.stat().st_size >= LARGE_BYTES


def is_minutes(source: Source, file: OneFile) -> bool:
    """Whether a file is the minutes of a meeting; a text file is, when it holds no list."""
    if file.suffix != ".txt":
        return file.suffix in MINUTES
    return not _begins_as_list(file.path, required_headers(source))


def _begins_as_list(path: Path, required: Wanted) -> bool:
    """Whether one of the first lines has at least half of the headings, as cells of their own.

    A list with a heading missing is a list: its sender should hear of the heading. Only a few bytes
    are looked at, so this needs no child.
    """
    with path.open("rb") as handle:
        head = handle.read(_HEAD_BYTES)
    encoding = "utf-16" if head.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
    texts = {head.decode(encoding, errors="ignore"), head.decode("cp1252", errors="ignore")}
    return any(
        2 * len(match_header(line.split(delimiter), required).missing) <= len(required)
        for text in texts
        for line in text.splitlines()[: 2 * MAX_TITLE_LINES]
        for delimiter in DELIMITERS
    )


def read_table(
    source: Source, delivery: ArchivedDelivery, payload: Path, required: Wanted | None = None
) -> TextTable:
    """The one table of a delivery, whatever container it came in; see `table_of`."""
    return table_of(source, one_file(source, delivery, payload), required)


def table_of(source: Source, file: OneFile, required: Wanted | None = None) -> TextTable:
    """The one table of a file.

    `required` are the headings it is found by, where they are not all that the contract requires.

    Raises:
        DeliveryRejected: It cannot be read, or holds no such table.
    """
    needed, wanted = required or required_headers(source), wanted_headers(source)
    if file.suffix in TEXT_TABLES:
        return read_text_table(file.path.read_bytes(), file.name, needed, wanted)
    if file.suffix in WORKBOOK_SUFFIXES:
        data = file.path.read_bytes()
        return read_xlsx_table(data, file.name, needed, wanted_headers=wanted)
    raise _unsupported(source, file.name, file.suffix or "(ingen)")


def _unsupported(source: Source, name: str, extension: str) -> DeliveryRejected:
    accepted = ", ".join(source.formats)
    return rejected("F22_unsupported_format", file=name, extension=extension, accepted=accepted)
