"""Columns that no contract loads: what a sender is told of them, and what may be repeated of them.

A heading is the sender's own text, so it may itself hold what must not pass the gate; it is then
named by its place. Which columns a contract wants is the contract's business.
"""

from __future__ import annotations

import re

from pipelines.intake.conform.messages import contract_finding
from pipelines.intake.findings import Finding
from pipelines.intake.readers.tables import TextTable
from pipelines.privacy.personal_data import holds_personal_data

_PERSONAL_HEADING = re.compile(
    r"mail\b|mailadresse|telefon|\btlf|\bmobil|\bcpr|personnummer|kontakt|(?:\b|for|efter|person)navn"
    r"|\binitialer|sagsbehandler",
    re.IGNORECASE,
)
_MAX_CHARACTERS = 80


def column_left_out(table: TextTable, index: int, *, is_personal: bool = False) -> Finding:
    """The word to the sender on a column that is not loaded.

    Args:
        table: The table it stands in.
        index: Its place, from 0.
        is_personal: Whether the contract says so; a heading may give it away as well.
    """
    heading = " ".join(table.header[index].split())
    rule = (
        "C08_personal_column_cut"
        if is_personal or _PERSONAL_HEADING.search(heading) or holds_personal_data(heading)
        else "C07_unknown_column"
    )
    return contract_finding(
        rule, file=table.file, sheet=table.sheet, column=_repeatable(heading, index)
    )


def _repeatable(heading: str, index: int) -> str:
    """The heading, or its column letter where the heading may hold data."""
    if len(heading) <= _MAX_CHARACTERS and not holds_personal_data(heading):
        return heading
    letters = ""
    number = index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"kolonne {letters}"
