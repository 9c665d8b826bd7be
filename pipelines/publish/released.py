"""From candidates to a release: disclosure control, labels, and every cell printed in Danish.

The only place where candidates turn into something readers may see. Nothing is written here.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import pandas as pd

from pipelines.disclosure.earlier import Numbers
from pipelines.disclosure.kept_choices import NOTHING_KEPT, KeptChoices
from pipelines.disclosure.protect import BOUNDS, WEIGHTED, protect
from pipelines.disclosure.setting import Rules
from pipelines.disclosure.status import FREE
from pipelines.publish.breaks import carry_breaks
from pipelines.publish.candidates import Candidates
from pipelines.publish.danish import decimals_of, rounded, show
from pipelines.publish.language import CODES
from pipelines.publish.model import (
    Indicator,
    Note,
    Release,
    ReleasedCell,
    ReleaseInfo,
    SourceDelivery,
    WithheldTable,
)
from pipelines.publish.no_change import without_a_change
from pipelines.publish.records import as_dicts
from pipelines.publish.source_names import delivery_name, joined
from pipelines.statistics.grim import PrintedShare, impossible_shares

Record = Mapping[Hashable, Any]
_PROVISIONAL = "P"
"""Kroner of years to come are provisional: they are no year of a release."""
_LABELLED = ("breakdown", "breakdown_value", "category", "measure", "unit")


class ImpossibleShareError(RuntimeError):
    """A per cent would be printed that its own count and base do not give."""


def make_release(
    candidates: Candidates,
    *,
    rules: Rules,
    created_from: str,
    code_version: str,
    source_titles: Mapping[str, tuple[str, str]],
    earlier: Mapping[str, Sequence[Numbers]] | None = None,
    kept: KeptChoices = NOTHING_KEPT,
) -> Release:
    """Protect, label and print the candidates.

    Args:
        candidates: What the warehouse offers.
        rules: What is declared about protection (`Candidates.rules`).
        created_from: Hash of the ledger's last event.
        code_version: Version of this software.
        source_titles: Title of each source, in Danish and in English.
        earlier: What earlier releases have shown (`disclosure.earlier.shown_before`).
        kept: Choices of what to hold back that were made before.

    Returns:
        The release; the same input gives the same release, its id included.

    Raises:
        ImpossibleShareError: A share does not fit its count; nothing may be published then.
    """
    protected = protect(candidates.cells, rules, earlier, kept)
    shown = carry_breaks(candidates.cells, protected.cells)
    labels = _Labels(candidates.labels)
    deliveries = _deliveries(candidates.deliveries, shown, source_titles)
    sources = _Sources(deliveries)
    decimals = _decimals(shown)
    cells = without_a_change(
        _released(record, labels, sources, decimals) for record in shown.to_dict("records")
    )
    _guard(cells)
    withheld = tuple(_withheld(record, labels) for record in protected.withheld.to_dict("records"))
    notes = _notes(candidates.notes, cells)
    indicators = tuple(_indicator(r) for r in candidates.catalogue.to_dict("records"))
    content = (cells, indicators, notes, withheld, deliveries, rules.threshold, code_version)
    info = ReleaseInfo(
        release_id=_release_id(cells, content),
        created_from=created_from,
        is_synthetic=any(cell.is_synthetic for cell in cells),
        threshold=rules.threshold,
        code_version=code_version,
    )
    return Release(info, cells, indicators, notes, withheld, deliveries)


class _Labels:
    """Danish and English words of a code; a code without words stands for itself."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self._words = {
            (str(r["dimension"]), str(r["code"])): (str(r["label_da"]), str(r["label_en"]))
            for r in frame.to_dict("records")
        }

    def both(self, dimension: str, code: str) -> tuple[str, str]:
        return self._words.get((dimension, code), (code, code))


class _Sources:
    """What stands behind cells, in both languages; thousands of cells have the same behind them."""

    def __init__(self, deliveries: Iterable[SourceDelivery]) -> None:
        self._deliveries = {d.delivery_id: d for d in deliveries}
        self._texts: dict[tuple[str, ...], dict[str, str]] = {}

    def texts(self, delivery_ids: Iterable[str]) -> dict[str, str]:
        """Name the deliveries, by the field of a cell that names them."""
        ids = tuple(delivery_ids)
        if ids not in self._texts:
            behind = [self._deliveries[d] for d in ids if d in self._deliveries]
            self._texts[ids] = {
                f"sources_{code}": joined(delivery_name(d, code) for d in behind) for code in CODES
            }
        return self._texts[ids]


def _released(
    record: Record,
    labels: _Labels,
    sources: _Sources,
    decimals: Mapping[tuple[str, str], int],
) -> ReleasedCell:
    places = decimals[str(record["indicator_id"]), str(record["measure"])]
    value, base = _number(record["value"]), _number(record["base"])
    shown = show(
        value,
        decimals=places,
        obs_status=str(record["obs_status"]),
        conf_status=str(record["conf_status"]),
        base=base,
        unit=str(record["unit"]),
    )
    words: dict[str, Any] = {}
    for dimension in _LABELLED:
        danish, english = labels.both(dimension, str(record[dimension]))
        words |= {f"{dimension}_label_da": danish, f"{dimension}_label_en": english}
    codes = ("cell_id", "indicator_id", "period", "obs_status", "conf_status", "note_ids")
    texts = (*codes, *_LABELLED, "indicator_title_da", "indicator_title_en")
    words |= {name: str(record[name]) for name in texts}
    words |= {name: _number(record.get(name)) for name in (*BOUNDS, WEIGHTED)}
    words |= sources.texts(record["delivery_ids"])
    return ReleasedCell(
        numerator=_number(record["numerator"]),
        base=base,
        value=value,
        decimals=places,
        symbol=shown.symbol,
        display_da=shown.text,
        is_confidential=bool(record["is_confidential"]),
        is_synthetic=bool(record["is_synthetic"]),
        sort_order=int(record["sort_order"]),
        **words,
    )


def _withheld(record: Record, labels: _Labels) -> WithheldTable:
    danish, english = labels.both("breakdown", str(record["breakdown"]))
    words = {str(k): str(v) for k, v in record.items()}
    return WithheldTable(breakdown_label_da=danish, breakdown_label_en=english, **words)


def _decimals(cells: pd.DataFrame) -> dict[tuple[str, str], int]:
    """Return the decimals of each indicator's measure, so that a column is printed in one way."""
    return {
        (str(indicator_id), str(measure)): decimals_of(
            str(group["unit"].iloc[0]),
            all_whole=bool((group["value"].dropna() % 1 == 0).all()),
        )
        for (indicator_id, measure), group in cells.groupby(["indicator_id", "measure"])
    }


def _deliveries(
    frame: pd.DataFrame, cells: pd.DataFrame, titles: Mapping[str, tuple[str, str]]
) -> tuple[SourceDelivery, ...]:
    """Return the deliveries behind the released cells."""
    used = {delivery for ids in cells["delivery_ids"] for delivery in ids}
    return tuple(
        SourceDelivery(
            delivery_id=str(r["delivery_id"]),
            source=str(r["source"]),
            source_title_da=titles.get(str(r["source"]), (str(r["source"]),) * 2)[0],
            source_title_en=titles.get(str(r["source"]), (str(r["source"]),) * 2)[1],
            period=str(r["period"]),
            file_name=str(r["file_name"]),
            received_at=pd.Timestamp(r["received_at"]).to_pydatetime(),
            is_synthetic=bool(r["is_synthetic"]),
        )
        for r in frame.to_dict("records")
        if r["delivery_id"] in used
    )


def _notes(frame: pd.DataFrame, cells: Iterable[ReleasedCell]) -> tuple[Note, ...]:
    """Return the notes that cells refer to; one without a text stands for itself."""
    used = {note for cell in cells for note in cell.notes}
    known = {
        str(r["note_id"]): Note(str(r["note_id"]), str(r["text_da"]), str(r["text_en"]))
        for r in frame.to_dict("records")
        if r["note_id"] in used
    }
    missing = sorted(used - known.keys())
    return (*known.values(), *(Note(note_id, note_id, note_id) for note_id in missing))


def _indicator(record: Record) -> Indicator:
    typed: dict[str, Any] = {
        str(k): "" if v is None or v is pd.NA or v != v else str(v) for k, v in record.items()
    }
    typed |= {"is_sensitive": bool(record["is_sensitive"]), "position": int(record["position"])}
    return Indicator(**typed)


def _guard(cells: Sequence[ReleasedCell]) -> None:
    """Refuse to print a per cent that does not follow from its count and base.

    A share counts something, in whole numbers. Where the counted cell beside it is in kroner, it
    counts øre (also where that cell is hidden); nothing else is exempt.
    """
    kroner = {(*c.place, c.numerator) for c in cells if c.unit == "kr"}
    shares = []
    for cell in cells:
        if cell.unit != "pct" or cell.conf_status != FREE or cell.value is None or not cell.base:
            continue
        is_kroner = bool(kroner & {(*cell.place, cell.numerator), (*cell.place, None)})
        scale = 100 if is_kroner else 1
        numerator, base = (cell.numerator or 0.0) * scale, cell.base * scale
        if not math.isclose(numerator, round(numerator)) or not math.isclose(base, round(base)):
            raise ImpossibleShareError(f"{cell.cell_id} is a share of no whole numbers")
        printed = rounded(cell.value, cell.decimals)
        shares.append(PrintedShare(cell.cell_id, printed, round(numerator), round(base)))
    wrong = impossible_shares(shares)
    if wrong:
        listed = ", ".join(f"{s.cell_id}: {s.printed} of {s.count}/{s.base}" for s in wrong[:5])
        raise ImpossibleShareError(f"{len(wrong)} shares do not fit their counts: {listed}")


def _release_id(cells: Iterable[ReleasedCell], content: tuple[object, ...]) -> str:
    """Name a release by the latest year it has final figures of, and by its content."""
    digest = hashlib.sha256()
    for part in content:
        records = as_dicts(part) if isinstance(part, tuple) else part
        digest.update(json.dumps(records, default=_as_text, ensure_ascii=False).encode())
    years = [c.period[:4] for c in cells if c.obs_status != _PROVISIONAL]
    return f"{max(years, default='0000')}-{digest.hexdigest()[:12]}"


def _as_text(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _number(value: object) -> float | None:
    if value is None or value is pd.NA or value != value:
        return None
    return float(str(value))
