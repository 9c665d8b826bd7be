"""Texts as the fonts inside typst can print them: PDF/UA refuses a sign that no font has.

A sign's compatible form is taken where that can be printed (a full-width digit), else the
replacement sign stands for it. What turns the direction of print is left out, for it would let a
label reorder the figures beside it; so are control signs.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any, Final

RANGES: Final = (
    (0x20, 0x7E),
    (0xA0, 0xAC),
    (0xAE, 0x24F),  # Latin
    (0x2B0, 0x377),
    (0x3A3, 0x4FF),  # Greek, Cyrillic
    (0x1E00, 0x1EFF),
    (0x2010, 0x2027),
    (0x202F, 0x2040),  # dashes, quotes
    (0x2070, 0x2071),
    (0x2074, 0x208E),
    (0x20A0, 0x20C0),  # currencies
    (0x2190, 0x22FF),  # arrows, mathematics
    (0xFB00, 0xFB06),
    (0xFFFD, 0xFFFD),
)
"""What can be printed; a test prints every sign of it."""
_REPLACEMENT = "\ufffd"
_INSIDE = "".join(f"{re.escape(chr(a))}-{re.escape(chr(b))}" for a, b in RANGES)
_UNKNOWN = re.compile(rf"[^\n{_INSIDE}]")
_PRINTABLE = re.compile(rf"[{_INSIDE}]+")


def printable(content: Any) -> Any:
    """Return the same with every text inside made printable."""
    if isinstance(content, str):
        return _UNKNOWN.sub(_substitute, content)
    if isinstance(content, dict):
        return {key: printable(value) for key, value in content.items()}
    if isinstance(content, list | tuple):
        return [printable(value) for value in content]
    return content


def _substitute(found: re.Match[str]) -> str:
    sign = found[0]
    if sign.isspace():
        return " "
    if unicodedata.category(sign) in ("Cc", "Cf"):
        return ""
    plain = unicodedata.normalize("NFKC", sign)
    return plain if _PRINTABLE.fullmatch(plain) else _REPLACEMENT
