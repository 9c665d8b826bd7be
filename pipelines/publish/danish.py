"""Numbers and symbols as Danish statistical tables print them.

Formatting only. Whether a cell may be shown is decided in `pipelines.disclosure`; the
symbols follow from its status, never from the text.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

NIL, LESS_THAN_HALF, NOT_APPLICABLE = "-", "0", "."
SUPPRESSED, NOT_AVAILABLE, PROVISIONAL = "..", "…", "*"
BREAK_MARK = "¦"

_DECIMALS = {
    "pct": 1,
    "pct_points": 1,
    "fte": 2,
    "ratio": 2,
    "p_value": 3,
    "hours": 1,
    "kr": 0,
    "persons": 0,
}
YES_NO = "yes_no"
"""The unit of a cell that answers a question: 1 is yes."""
YES, NO = "ja", "nej"
NO_CHANGE, NO_DIFFERENCE = "ingen ændring", "ingen forskel"
"""In place of whether a change or a difference may be chance, where there is none."""


@dataclass(frozen=True)
class Symbol:
    """A sign that stands for, or beside, a number."""

    sign: str
    meaning_da: str
    meaning_en: str


LEGEND: tuple[Symbol, ...] = (
    Symbol(NIL, "Nul", "Nil"),
    Symbol(LESS_THAN_HALF, "Mindre end halvdelen af den anvendte enhed", "Less than half the unit"),
    Symbol(NOT_APPLICABLE, "Tal kan efter sagens natur ikke forekomme", "Not applicable"),
    Symbol(
        SUPPRESSED,
        "For usikkert eller af diskretionshensyn ikke offentliggjort",
        "Too uncertain, or confidential",
    ),
    Symbol(NOT_AVAILABLE, "Oplysning foreligger ikke", "Not available"),
    Symbol(PROVISIONAL, "Foreløbigt tal", "Provisional"),
    Symbol(BREAK_MARK, "Databrud: tal før og efter kan ikke sammenlignes", "Break in series"),
)


def decimals_of(unit: str, *, all_whole: bool = True) -> int:
    """Return how many decimals a unit is printed with; counts that are ratios get one."""
    return _DECIMALS.get(unit, 0 if all_whole else 1)


def rounded(value: float, decimals: int) -> Decimal:
    """Round half up, as a reader would by hand: 43.75 -> 43.8, 0.05 -> 0.1."""
    return Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


_DANISH_SIGNS = str.maketrans(",.", ".,")


def number(value: float | Decimal, decimals: int = 0) -> str:
    """Print a number with decimal comma and thousands point: 1234.5 -> '1.234,5'."""
    figure = value if isinstance(value, Decimal) else rounded(value, decimals)
    return f"{figure:,.{decimals}f}".translate(_DANISH_SIGNS)


def plain(value: float | None, most_decimals: int = 6) -> str:
    """Print a number for machines in Danish offices: decimal comma, no thousands point."""
    if value is None:
        return ""
    text = f"{rounded(value, most_decimals):f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace(".", ",")


@dataclass(frozen=True)
class Shown:
    """How a cell is printed: the text, and its symbol ('' for an ordinary number)."""

    text: str
    symbol: str


def show(
    value: float | None,
    *,
    decimals: int,
    obs_status: str = "A",
    conf_status: str = "F",
    base: float | None = None,
    unit: str = "",
) -> Shown:
    """Print one cell.

    Args:
        value: The figure, None where it is missing or hidden.
        decimals: How many decimals to print.
        obs_status: SDMX status; P is provisional.
        conf_status: F for free; anything else is hidden.
        base: The base, to tell "cannot occur" (base 0) from "not available".
        unit: The unit, to tell an answer from a number.

    Returns:
        Text and symbol.
    """
    if conf_status != "F":
        return Shown(SUPPRESSED, SUPPRESSED)
    if value is None or math.isnan(value):
        symbol = NOT_APPLICABLE if base == 0 else NOT_AVAILABLE
        return Shown(symbol, symbol)
    if unit == YES_NO:
        return Shown(YES if value else NO, "")
    if value == 0:
        return Shown(NIL, NIL)
    figure = rounded(value, decimals)
    text = LESS_THAN_HALF if figure == 0 else number(figure, decimals)
    if obs_status == "P":
        return Shown(text + PROVISIONAL, PROVISIONAL)
    return Shown(text, "")


def lower_first(text: str) -> str:
    """Start a label with a small letter, for use inside a sentence (not names or short forms)."""
    return text[:1].lower() + text[1:] if text[1:2].islower() or text[1:2] == " " else text


def upper_first(text: str) -> str:
    """Start a label with a capital."""
    return text[:1].upper() + text[1:]


def listed(parts: list[str]) -> str:
    """Join as one reads it: 'a', 'a og b', 'a, b og c'."""
    return " og ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)


def danish_order(text: str) -> list[int]:
    """Sort as Danish does: æ, ø, å last, and aa in names as å."""
    alphabet = "abcdefghijklmnopqrstuvwxyzæøå"
    return [alphabet.find(c) for c in text.lower().replace("aa", "å")]
