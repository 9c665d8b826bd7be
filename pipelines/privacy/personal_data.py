"""What looks like personal data in a text: e-mail addresses, CPR numbers, Danish phone numbers.

Patterns that Python and DuckDB (RE2) read alike, so without looking around. They are for free
text: in a number column, or one of case numbers, digits in these groupings mean something else.
"""

from __future__ import annotations

import re
from typing import Final

EMAIL_PATTERN: Final = r"[^\s@<>()\[\],;:]+@[^\s@<>()\[\],;:]+\.[^\s@<>()\[\],;:]+"

_DAY_MONTH = (
    r"(?:(?:0[1-9]|[12][0-9])[ ./-]?(?:0[1-9]|1[0-2])"
    r"|30[ ./-]?(?:0[13-9]|1[0-2])|31[ ./-]?(?:0[13578]|1[02]))"
)
# a person without a CPR number gets one with 60 added to the day: told apart by its hyphen only
_ADDED_60 = r"(?:6[1-9]|[78][0-9]|9[01])(?:0[1-9]|1[0-2])[0-9]{2}-[0-9]{4}"
_CPR = rf"(?:{_DAY_MONTH}[ ./-]?[0-9]{{2}}[ –-]?[0-9]{{4}}|{_ADDED_60})"
CPR_PATTERN: Final = rf"(?:^|[^0-9]){_CPR}(?:[^0-9]|$)"
"""A valid day and month, then year and running number; with or without its separators."""

# numbers begin with 2 to 9; eight digits in a row may also be a date (20150630)
_EIGHT = (
    r"(?:2[1-9]|[3-9][0-9])[0-9]{6}"
    r"|20[0-9]{2}(?:00|1[3-9]|[2-9][0-9])[0-9]{2}|20[0-9]{2}(?:0[1-9]|1[0-2])(?:00|3[2-9]|[4-9][0-9])"
)
_GROUPED = (
    r"[2-9][0-9](?:[ .][0-9]{2}){3}|[2-9][0-9](?:-[0-9]{2}){3}"
    # not two years: 2011 2014
    r"|(?:2[1-9]|[3-9][0-9])[0-9]{2} [0-9]{4}"
)
_ANNOUNCED = (
    r"(?:\+45|0045|(?i:tlf|telefon|mobil|mob|tel)[.:]*) ?(?:nr\.? ?)?[2-9](?:[ .-]?[0-9]){7}"
)
PHONE_PATTERN: Final = (
    rf"(?:^|[^0-9+,.-])(?:{_EIGHT}|{_GROUPED})(?:[^0-9,]|,[^0-9]|,?$)|{_ANNOUNCED}"
)
"""Eight digits as Danes write a phone number; an amount (12.345.678) is grouped otherwise."""

_COMPANY = r"(?i)\b(?:cvr|se|p)[ .:-]*(?:nr|nummer)?[ .:-]*[0-9]{8,10}\b"
"""A company's number has eight digits too, and is public."""

_IN_NAMES = re.compile(f"{EMAIL_PATTERN}|(?<![0-9]){_CPR}(?![0-9])")
_IN_TEXT = re.compile(f"{EMAIL_PATTERN}|{CPR_PATTERN}|{PHONE_PATTERN}")
_COMPANY_NUMBER = re.compile(_COMPANY)
MASK: Final = "[udeladt]"


def holds_personal_data(text: str) -> bool:
    """Whether a cell or a line of text holds what looks like personal data."""
    return _IN_TEXT.search(_COMPANY_NUMBER.sub("", text)) is not None


def names_a_person(name: str) -> bool:
    """Whether a file's, sheet's or column's name holds an e-mail address or a CPR number."""
    return _IN_NAMES.search(name) is not None


def without_personal_data(name: str) -> str:
    """A name or a message with e-mail addresses and CPR numbers masked."""
    return _IN_NAMES.sub(MASK, name)


def sql_holds_personal_data(text: str, *, is_identifier: bool = False) -> str:
    """The same question as `holds_personal_data`, as SQL over an expression.

    Args:
        text: A SQL expression of type varchar.
        is_identifier: Whether the column holds case numbers or the like, which may have the look
            of the others.
    """
    if is_identifier:
        # looking for the one sign first is many times as fast, and a case stops there
        return f"case when contains({text}, '@') then regexp_matches({text}, '{EMAIL_PATTERN}') end"
    pattern = f"{EMAIL_PATTERN}|{CPR_PATTERN}|{PHONE_PATTERN}"
    return f"regexp_matches(regexp_replace({text}, '{_COMPANY}', '', 'g'), '{pattern}')"
