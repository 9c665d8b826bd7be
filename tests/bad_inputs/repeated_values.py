"""Cell values that must not be repeated: what stands in a file, read without the gate's readers.

Whatever container it is: text is split at every separator there is, a package's XML at its tags.
What a rule's own words, a heading or a code list says anyway is nobody's value.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Mapping
from functools import cache

from pipelines.contracts.loader import code_books, load_source, source_names
from pipelines.intake.conform.messages import CONTRACT_RULES
from pipelines.intake.file_rules import FILE_RULES
from pipelines.intake.findings import Finding

SHORTEST = 7
_LARGEST = 2 << 20
_NAMES_A_COLUMN = frozenset({"C07_unknown_column", "C08_personal_column_cut"})
_ABOUT = ("docProps/", "_rels/", "[Content_Types]", "xl/styles", "xl/theme", "xl/workbook")
"""Parts of a package in which no cell stands."""
_XML_TEXT = re.compile(r">([^<>]+)<")
_SEPARATORS = re.compile(r'[;,\t|\n\r"\0]+')
_ENCODINGS = ("utf-8-sig", "cp1252", "utf-16")


def values_of(content: bytes | Mapping[str, bytes]) -> set[str]:
    """The texts of at least seven characters in a file or folder that somebody may have typed."""
    parts = [content] if isinstance(content, bytes) else list(content.values())
    found = {value for part in parts for value in _texts(part)}
    return {value for value in found if len(value) >= SHORTEST and not is_ours(value)}


def repeated(values: Iterable[str], *texts: str) -> list[str]:
    """Which of the values stand in what was said."""
    said = "\n".join(texts)
    return sorted(value for value in values if value in said)


def told(findings: Iterable[Finding]) -> str:
    """All that findings say, but for the names of the file and of columns nobody loads."""
    return "\n".join(
        str(value)
        for f in findings
        for key, value in f.to_dict().items()
        if key != "file" and not (key == "column" and f.rule in _NAMES_A_COLUMN)
    )


def is_ours(value: str) -> bool:
    """Whether we say it ourselves, whatever is delivered: a heading, a code's label, a message."""
    return value.casefold() in _our_words()


def _texts(data: bytes) -> Iterable[str]:
    if data[:2] == b"PK":
        yield from _in_package(data)
        return
    for encoding in _ENCODINGS:
        text = data[:_LARGEST].decode(encoding, errors="replace")
        yield from (part.strip() for part in _SEPARATORS.split(text))


def _in_package(data: bytes) -> Iterable[str]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            small = [
                i.filename
                for i in package.infolist()
                if i.file_size <= _LARGEST and not i.filename.startswith(_ABOUT)
            ]
            parts = [package.read(name) for name in small]
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, ValueError):
        return
    for part in parts:
        if part[:2] != b"PK" and b"<" in part[:200]:
            text = part.decode("utf-8", errors="replace")
            yield from (value.strip() for value in _XML_TEXT.findall(text))
        elif part[:2] != b"PK":
            yield from _texts(part)


@cache
def _our_words() -> str:
    words = ["udtræksdato"]
    for source in map(load_source, source_names()):
        for book in code_books(source.source):
            words += [entry.variable for entry in book.entries]
        for field in source.fields:
            words += [f"{int(m):,}".replace(",", ".") for m in (field.maximum,) if m.isdigit()]
            words += [field.field, field.header, *field.aliases, field.label_da]
        for code in source.codes:
            words += [code.code, code.label_da, code.label_en, *code.spellings]
        words += [text for rule in source.rules for text in (rule.message_da, rule.message_en)]
    for rule in (*FILE_RULES.values(), *CONTRACT_RULES.values()):
        words += [rule.message_da, rule.message_en]
    return "\n".join(words).casefold()
