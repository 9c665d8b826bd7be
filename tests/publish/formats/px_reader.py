"""Reads a PX file by the letter of the standard, where pyaxis takes texts for keywords."""

from __future__ import annotations

import re

_KEYWORD = re.compile(r"\s*([A-Z0-9-]+)(?:\[(\w\w)\])?")
_TEXT = re.compile(r'\s*"([^"]*)"')
_BARE = re.compile(r"[^\";]+")

Key = tuple[str, str, tuple[str, ...]]


class PxError(ValueError):
    """The file is not as the standard says."""


def read_px(text: str) -> dict[Key, list[str]]:
    """Values by keyword, language and subkeys; the figures are under DATA."""
    found: dict[Key, list[str]] = {}
    at = 0
    while text[at:].strip():
        keyword = _KEYWORD.match(text, at)
        if not keyword:
            raise PxError(f"no keyword at {at}")
        at = keyword.end()
        subkeys: list[str] = []
        if text[at] == "(":
            while text[at] != ")":
                part = _TEXT.match(text, at + 1)
                if not part:
                    raise PxError(f"no subkey at {at}")
                subkeys.append(part[1])
                at = part.end()
            at += 1
        if text[at] != "=":
            raise PxError(f"no equals sign at {at}")
        values, at = _values(text, at + 1, is_data=keyword[1] == "DATA")
        key = (keyword[1], keyword[2] or "da", tuple(subkeys))
        if key in found:
            raise PxError(f"{key} twice")
        found[key] = values
    return found


def _values(text: str, at: int, *, is_data: bool) -> tuple[list[str], int]:
    """Texts with nothing but line ends between them are one text, but for signs among figures."""
    values: list[str] = []
    is_continued = False
    while text[at] != ";":
        if part := _TEXT.match(text, at):
            if is_continued and not is_data:
                values[-1] += part[1]
            else:
                values.append(part[1])
            at, is_continued = part.end(), True
        elif part := _BARE.match(text, at):
            values += [word for word in re.split(r"[\s,]+", part[0]) if word]
            at, is_continued = part.end(), "," not in part[0] and not part[0].strip()
        else:
            raise PxError(f"nothing known at {at}")
    return values, at + 1
