"""What the page of an indicator says of the quality of its figures: response, sources, checks."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from pipelines.disclosure.status import FREE
from pipelines.publish.language import Language
from pipelines.publish.model import Indicator, Release, ReleasedCell, SourceDelivery
from pipelines.publish.source_names import deliveries_behind
from pipelines.publish.tables import TOTAL, responses
from pipelines.publish.uncertainty import is_asked

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
        checks=checks_of(cells, language),
    )


def _answered(cells: Sequence[ReleasedCell], language: Language) -> tuple[str, ...]:
    """Say of how many that were asked the latest figures know the answer."""
    totals = [c for c in cells if c.breakdown == TOTAL and c.population]
    by_measure = {c.measure: c for c in sorted(totals, key=lambda c: c.period)}
    return tuple(
        language.text(
            "answered_line",
            measure=language.label(c, "measure_label"),
            period=language.period(c.period),
            base=language.number(c.base or 0),
            population=language.number(c.population or 0),
        )
        for c in by_measure.values()
    )


def checks_of(
    cells: Sequence[ReleasedCell], language: Language, tests: Collection[str] = ()
) -> tuple[str, ...]:
    """Say what was checked and found good before figures could stand on a page.

    Args:
        cells: The figures.
        language: To write in.
        tests: Names of the tests that looked at the models behind them.
    """
    shares = sum(
        c.unit == "pct" and c.conf_status == FREE and c.numerator is not None and bool(c.base)
        for c in cells
    )
    lines = [language.text("check_gates")]
    if shares:
        lines.append(language.text("check_shares", count=language.number(shares)))
    if tests:
        lines.append(language.text("check_models", count=language.number(len(set(tests)))))
    if any(_INCOMPLETE in c.notes for c in cells):
        lines.append(language.text("check_partial"))
    return tuple(lines)
