"""Code lists as the documents show them: each list once, with what is read besides its labels."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import duckdb

from pipelines.contracts.model import Code, Source
from pipelines.contracts.parsing import MACROS


@dataclass(frozen=True, slots=True)
class ShownCode:
    """One value of a list; `also` are the spellings that are read as it too."""

    code: str
    label_da: str
    label_en: str
    also: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShownList:
    """A code list with the fields that take their values from it, as `source.field`."""

    name: str
    codes: tuple[ShownCode, ...]
    used_by: tuple[str, ...]


def shown_lists(sources: Iterable[Source]) -> tuple[ShownList, ...]:
    """Every list of the sources; one that several sources share (the municipalities) comes once."""
    found: dict[tuple[str, tuple[Code, ...]], list[str]] = {}
    for source in sources:
        for name in dict.fromkeys(code.codelist for code in source.codes):
            users = [f"{source.source}.{f.field}" for f in source.fields if f.codelist == name]
            found.setdefault((name, source.codes_of(name)), []).extend(users)
    return tuple(
        ShownList(name, tuple(map(_shown, codes)), tuple(users))
        for (name, codes), users in found.items()
    )


def _shown(code: Code) -> ShownCode:
    return ShownCode(code.code, code.label_da, code.label_en, other_spellings(code))


def other_spellings(code: Code) -> tuple[str, ...]:
    """What is read as the code and is neither its label nor the code, however it is written."""
    told = {_spelling(code.label_da), _spelling(code.code)}
    others = []
    for spelling in code.spellings:
        if _spelling(spelling) not in told:
            told.add(_spelling(spelling))
            others.append(spelling)
    return tuple(others)


@cache
def _connection() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    for macro in MACROS:
        con.execute(macro)
    return con


@cache
def _spelling(text: str) -> str:
    """The text as the gate compares it."""
    row = _connection().execute("select spelling_of($text)", {"text": text}).fetchone()
    return row[0] if row and row[0] is not None else ""
