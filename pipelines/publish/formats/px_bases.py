"""What a PX file has beside its figures: count and base of each, as measures of their own.

PX has one number in a cell. So a measure whose figures are made of a count and a base is followed
by two more, which say of each figure how many of how many; where the count is the figure itself it
is not written twice. Hidden counts stay hidden: they are written as the cell's own sign.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from pipelines.publish.danish import NOT_APPLICABLE, SUPPRESSED
from pipelines.publish.formats.cube import Cube, Dimension, Hole, Slot
from pipelines.publish.model import ReleasedCell

Kind = Literal["numerator", "base"]
WORDS: Final[Mapping[Kind, dict[str, str]]] = {
    "numerator": {"da": "tæller", "en": "count"},
    "base": {"da": "grundlag (N)", "en": "base (N)"},
}
_NUMBER: Final = {"da": "Antal", "en": "Number"}
_OF_A_WHOLE: Final = "pct"
_MEASURE: Final = 2
"""The place of the measure among the dimensions."""
_PARTS_OF_WHOLES: Final = 2
"""Decimals of a count that is no whole number."""


@dataclass(frozen=True)
class _Beside:
    """One more measure: which part of which measure's figures, in which unit."""

    code: str
    measure: str
    kind: Kind
    labels: dict[str, str]
    unit: dict[str, str]
    decimals: int


def with_bases(cube: Cube) -> Cube:
    """Return the cube with counts and bases as measures after their own."""
    cells = [slot for slot in cube.slots if isinstance(slot, ReleasedCell)]
    measures = cube.dimensions[_MEASURE]
    beside = {code: _of_measure(code, measures, cells) for code in measures.codes}
    added = {each.code: each for parts in beside.values() for each in parts}
    codes = tuple(
        code for own in measures.codes for code in (own, *(each.code for each in beside[own]))
    )
    found = dict(zip(cube.keys, cube.slots, strict=True))
    dimensions = (
        *cube.dimensions[:_MEASURE],
        replace(measures, codes=codes, labels=_labels(measures, codes, added)),
        *cube.dimensions[_MEASURE + 1 :],
    )
    slots = tuple(
        _slot(found, key, added) for key in itertools.product(*(d.codes for d in dimensions))
    )
    return replace(
        cube,
        dimensions=dimensions,
        slots=slots,
        units=cube.units | {code: each.unit for code, each in added.items()},
        decimals=cube.decimals | {code: each.decimals for code, each in added.items()},
    )


def _of_measure(
    code: str, measures: Dimension, cells: Sequence[ReleasedCell]
) -> tuple[_Beside, ...]:
    own = [c for c in cells if c.measure == code]
    at = measures.codes.index(code)
    counted = _unit_counted(own, cells)
    found = []
    for kind, words in WORDS.items():
        numbers = [getattr(c, kind) for c in own]
        if all(n is None or n == c.value for n, c in zip(numbers, own, strict=True)):
            continue  # not known, or the figure itself
        is_of_whole = own[0].unit == _OF_A_WHOLE
        unit = counted if is_of_whole else _NUMBER
        if kind == "numerator" and not is_of_whole:
            unit = {"da": own[0].unit_label_da, "en": own[0].unit_label_en}
        is_whole = all(n is None or float(n).is_integer() for n in numbers)
        labels = {k: f"{measures.labels[k][at]}: {word}" for k, word in words.items()}
        decimals = 0 if is_whole else _PARTS_OF_WHOLES
        found.append(_Beside(f"{code}.{kind}", code, kind, labels, unit, decimals))
    return tuple(found)


def _unit_counted(own: Sequence[ReleasedCell], cells: Sequence[ReleasedCell]) -> dict[str, str]:
    """What a share is a share of: what the figures beside it that are its counts are in."""
    counts = {(c.numerator, _place(c)) for c in own if c.numerator}
    units = Counter(
        (c.unit_label_da, c.unit_label_en)
        for c in cells
        if c.unit != _OF_A_WHOLE and (c.value, _place(c)) in counts
    )
    if not units:
        return _NUMBER
    ((danish, english), _), *_ = units.most_common()
    return {"da": danish, "en": english}


def _slot(
    found: Mapping[tuple[str, ...], Slot], key: tuple[str, ...], added: Mapping[str, _Beside]
) -> Slot:
    """The figure of a place, or the part of a figure that the place asks for."""
    each = added.get(key[_MEASURE])
    if each is None:
        return found[key]
    own = found[(*key[:_MEASURE], each.measure, *key[_MEASURE + 1 :])]
    if isinstance(own, Hole):
        return own
    number = getattr(own, each.kind)
    sign = SUPPRESSED if own.conf_status != "F" else NOT_APPLICABLE
    return replace(own, value=number, symbol="" if number is not None else sign)


def _labels(
    measures: Dimension, codes: Sequence[str], added: Mapping[str, _Beside]
) -> dict[str, tuple[str, ...]]:
    return {
        language: tuple(
            added[code].labels[language] if code in added else words[measures.codes.index(code)]
            for code in codes
        )
        for language, words in measures.labels.items()
    }


def _place(cell: ReleasedCell) -> tuple[str, ...]:
    return cell.breakdown, cell.breakdown_value, cell.category, cell.period
