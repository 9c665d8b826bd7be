"""What the page of an indicator says of the quality of its figures: response, sources, checks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipelines.publish.language import Language
from pipelines.publish.model import Indicator, Release, ReleasedCell, SourceDelivery
from pipelines.publish.tables import TOTAL, named_sources, responses
from pipelines.statistics.disclosure import FREE

_RESPONSE = "I02"
_INCOMPLETE = "partial_quarantine"


@dataclass(frozen=True)
class Quality:
    """The lines of the section on quality."""

    response: tuple[str, ...]
    answered: tuple[str, ...]
    deliveries: tuple[SourceDelivery, ...]
    checks: tuple[str, ...]


def quality_of(release: Release, indicator: Indicator, language: Language) -> Quality:
    """Gather what is known of an indicator's quality."""
    cells = release.cells_of(indicator.indicator_id)
    periods = {c.period for c in cells}
    asked = is_asked(indicator)
    return Quality(
        response=tuple(
            language.text(
                "response_line",
                period=period,
                answered=r.answered,
                invited=r.invited,
                per_cent=language.printed(r.per_cent),
            )
            for period, r in responses(release).items()
            if asked and period in periods
        ),
        answered=_answered(cells, language) if asked else (),
        deliveries=deliveries_behind(release, cells),
        checks=_checks(cells, language),
    )


def is_asked(indicator: Indicator) -> bool:
    """Whether an indicator rests on answers to the survey (its response itself does not)."""
    return "survey" in indicator.sources.split("|") and indicator.indicator_id != _RESPONSE


def source_names(
    cells: Sequence[ReleasedCell], release: Release, language: Language, titles: Mapping[str, str]
) -> tuple[str, ...]:
    """Name the sources of cells once each, with their periods."""
    names = named_sources(cells)
    if language.code == "da":
        return names
    english = {
        d.source_title_da: titles[d.source] for d in release.deliveries if d.source in titles
    }
    return tuple(_translated(name, english) for name in names)


def deliveries_behind(
    release: Release, cells: Sequence[ReleasedCell]
) -> tuple[SourceDelivery, ...]:
    """Return the deliveries that stand behind some cells, in the release's order."""
    named = {text for c in cells for text in c.sources_da.split("; ") if text}
    return tuple(d for d in release.deliveries if delivery_name(d) in named)


def delivery_name(delivery: SourceDelivery) -> str:
    """Name a delivery as the cells do."""
    mark = " (syntetisk)" if delivery.is_synthetic else ""
    return f"{delivery.source_title_da} {delivery.period}{mark}"


def _translated(name: str, english: Mapping[str, str]) -> str:
    for danish, words in english.items():
        if name.startswith(f"{danish}:"):
            return name.replace(danish, words, 1).replace("(syntetisk)", "(synthetic)")
    return name


def _answered(cells: Sequence[ReleasedCell], language: Language) -> tuple[str, ...]:
    """Say of how many that were asked the latest figures know the answer."""
    totals = [c for c in cells if c.breakdown == TOTAL and getattr(c, "population", None)]
    by_measure = {c.measure: c for c in sorted(totals, key=lambda c: c.period)}
    return tuple(
        language.text(
            "answered_line",
            measure=language.label(c, "measure_label"),
            period=language.period(c.period),
            base=language.number(c.base or 0),
            population=language.number(getattr(c, "population", 0)),
        )
        for c in by_measure.values()
    )


def _checks(cells: Sequence[ReleasedCell], language: Language) -> tuple[str, ...]:
    shares = sum(
        c.unit == "pct" and c.conf_status == FREE and c.numerator is not None and bool(c.base)
        for c in cells
    )
    lines = [language.text("check_gates")]
    if shares:
        lines.append(language.text("check_shares", count=language.number(shares)))
    if any(_INCOMPLETE in c.notes for c in cells):
        lines.append(language.text("check_partial"))
    return tuple(lines)
