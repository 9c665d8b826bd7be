"""An explanation told in Danish, and as plain data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any, Final

from pipelines.intake.delivery import utc_time
from pipelines.publish.danish import number
from pipelines.publish.language import DANISH, language
from pipelines.release.calendar import danish_moment
from pipelines.release.diff_text import KINDS_DA
from pipelines.release.explain import BehindDelivery, Explanation
from pipelines.release.lineage import numbers
from pipelines.release.models import Models
from pipelines.release.terminal import inert
from pipelines.release.ways import is_part_of_base

_ROWS_SHOWN: Final = 200
_DANISH: Final = language(DANISH)
_COUNT: Final = "count"
"""A number of things, whose title says which."""
HIDDEN_DA: Final = (
    "Tallet er ikke vist af hensyn til fortroligheden. Derfor siges intet om, hvad det er, eller "
    "hvilke kommuner der er bag."
)


@inert
def explanation_lines(explanation: Explanation, models: Models, *, sql: bool) -> Iterable[str]:
    """Tell all of one cell.

    Args:
        explanation: The cell's.
        models: The release's models.
        sql: Also print the SQL of each model of the chain, as it ran.
    """
    cell, indicator = explanation.cell, explanation.indicator
    yield f"{cell.cell_id}   udgivelse {explanation.version}"
    yield (
        f"{cell.indicator_title_da}: {cell.measure_label_da}, {cell.category_label_da}, "
        f"{cell.breakdown_value_label_da}, {_DANISH.period_in_words(cell.period)}"
    )
    yield ""
    yield from _figure(explanation)
    if indicator:
        yield ""
        yield f"Definition  {indicator.definition_da}"
        yield f"Grundlag    {indicator.base_da}"
    for note in explanation.notes_da:
        yield f"Note        {note}"
    yield ""
    yield "Leverancer"
    for behind in explanation.deliveries:
        yield from (f"  {line}" for line in _delivery(behind, explanation))
    if not explanation.deliveries:
        yield "  Ingen: tallet bygger på referencedata."
    if explanation.way:
        yield ""
        yield "Fra rækker til tal: hvad hvert skridt har af tallets leverancer, periode og gruppe"
        yield from _way(explanation)
    yield ""
    yield "Kontroller, der er bestået"
    yield from (f"  {check}" for check in explanation.checks)
    yield ""
    yield "Tidligere udgivelser"
    yield from _earlier(explanation)
    yield ""
    yield from _chain(explanation, models, sql=sql)


def explanation_data(explanation: Explanation, models: Models) -> dict[str, Any]:
    """All of one cell as plain data."""
    cell, chain = explanation.cell, explanation.chain
    used = chain.all_models if chain else ()
    return {
        "cell_id": cell.cell_id,
        "version": explanation.version,
        "title_da": cell.indicator_title_da,
        "display_da": cell.display_da,
        "value": cell.value,
        "numerator": cell.numerator,
        "base": cell.base,
        "obs_status": cell.obs_status,
        "conf_status": cell.conf_status,
        "is_hidden": explanation.is_hidden,
        "definition_da": explanation.indicator.definition_da if explanation.indicator else "",
        "base_da": explanation.indicator.base_da if explanation.indicator else "",
        "notes_da": list(explanation.notes_da),
        "deliveries": [
            {
                "source": behind.facts.source,
                "title_da": behind.facts.source_title_da,
                "period": behind.facts.period,
                "delivery_id": behind.facts.delivery_id,
                "name": behind.facts.name,
                "received_at": behind.facts.received_at,
                "is_synthetic": behind.facts.is_synthetic,
                "files": [asdict(part) for part in behind.facts.files],
                "corrections": list(behind.facts.corrections),
                "rows_read": behind.facts.rows_read,
                "rows_accepted": behind.facts.rows_accepted,
                "rows_quarantined": behind.facts.rows_quarantined,
                "rows": behind.rows,
                "rows_count": behind.rows_count,
                "active_rows": behind.active_rows,
            }
            for behind in explanation.deliveries
        ],
        "way": [asdict(station) for station in explanation.way],
        "checks_da": list(explanation.checks),
        "earlier": [asdict(earlier) for earlier in explanation.earlier],
        "change": asdict(explanation.change) if explanation.change else None,
        "chain": [asdict(models.sql[name]) for name in used],
        "reference_data": list(chain.seeds) if chain else [],
        "macros": dict(models.macros),
    }


def _figure(explanation: Explanation) -> Iterable[str]:
    cell = explanation.cell
    if explanation.is_hidden:
        yield f"Tal         {cell.display_da}"
        yield f"            {HIDDEN_DA}"
        return
    unit = "" if cell.unit == _COUNT else f" {cell.unit_label_da.lower()}"
    yield f"Tal         {cell.display_da}{unit}"
    if is_part_of_base(cell):
        yield f"Antal       {_plain(cell.numerator or 0)} af {_plain(cell.base or 0)}"
    elif cell.base is not None:
        yield f"Antal       {_plain(cell.base)} i grundlaget"
    if explanation.change:
        yield f"Ændring     {KINDS_DA[explanation.change.kind]}: {explanation.change.cause_da}"


def _delivery(behind: BehindDelivery, explanation: Explanation) -> Iterable[str]:
    facts = behind.facts
    synthetic = " (syntetisk)" if facts.is_synthetic else ""
    version = f", version {facts.version}" if facts.version else ""
    yield f"{facts.source_title_da} {_DANISH.period_in_words(facts.period)}{version}{synthetic}"
    yield f"  modtaget  {danish_moment(utc_time(facts.received_at))}"
    yield f"  leverance {facts.delivery_id}"
    for part in facts.files:
        yield f"  fil       {part.name}  sha256 {part.sha256}"
    yield (
        f"  rækker    {facts.rows_read} læst, {facts.rows_accepted} godtaget, "
        f"{facts.rows_quarantined} i karantæne"
    )
    if behind.rows is None:
        yield f"            {_unnamed(behind, explanation)}"
    else:
        yield f"            {behind.rows_count} af tallets gruppe: {_shown(behind.rows)}"
    if behind.active_rows is not None:
        count = len(numbers(behind.active_rows))
        yield f"            heraf {count} af aktive planer: {_shown(behind.active_rows)}"
    if facts.corrections:
        yield f"  rettelser {', '.join(facts.corrections)}"


def _unnamed(behind: BehindDelivery, explanation: Explanation) -> str:
    """Why no rows of a delivery are named."""
    if behind.facts.is_confidential or explanation.cell.is_confidential:
        return "ingen rækkenumre: svarene er givet i fortrolighed"
    if explanation.is_hidden:
        return "ingen rækkenumre: tallet er skjult"
    return "ingen rækkenumre: emnerne er fundet i teksten af et referat"


def _earlier(explanation: Explanation) -> Iterable[str]:
    if not explanation.earlier:
        yield "  Ingen: tallet er ikke udgivet før."
    for earlier in explanation.earlier:
        when = danish_moment(utc_time(earlier.published_at))
        yield f"  {earlier.version}  {earlier.display_da or 'ikke med':<12} udgivet {when}"


def _way(explanation: Explanation) -> Iterable[str]:
    width = max(len(station.what_da) for station in explanation.way)
    for station in explanation.way:
        remark = f"  {station.remark_da}" if station.remark_da else ""
        yield f"  {station.what_da:<{width}} {_plain(station.count):>12}{remark}"


def _chain(explanation: Explanation, models: Models, *, sql: bool) -> Iterable[str]:
    yield "Beregning: SQL-modeller fra det udgivne tal tilbage til de modtagne rækker"
    chain = explanation.chain
    if chain is None:
        yield "  Indikatoren har ingen model."
        return
    for name in chain.models:
        yield from _model(models, name, sql=sql)
    if chain.lookups:
        yield "  Opslag, der kun giver navne og rækkefølge"
        for name in chain.lookups:
            yield from _model(models, name, sql=sql)
    yield f"  Referencedata: {', '.join(chain.seeds)}"
    if not sql:
        yield "  `--sql` viser den SQL, der blev kørt."


def _model(models: Models, name: str, *, sql: bool) -> Iterable[str]:
    model = models.sql[name]
    yield f"  {model.layer}.{name}  ({model.path})"
    if sql:
        yield from (f"      {line}" for line in model.sql.splitlines())


def _shown(rows: str) -> str:
    return (rows if len(rows) <= _ROWS_SHOWN else f"{rows[:_ROWS_SHOWN]}…") or "ingen"


def _plain(value: float) -> str:
    return number(value, 0 if value == int(value) else 2)
