"""What the figures show and say: bars, captions and findings, taken from a release by rule.

The three figures are of the kinds of the 2015 report's figures 2, 3 and 4, as small multiples over
waves. How they are drawn is in `figures`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.publish.breaks import BREAK_STATUS, break_notes, notes_of
from pipelines.publish.danish import BREAK_MARK, SUPPRESSED, listed, lower_first, number
from pipelines.publish.model import Release, ReleasedCell
from pipelines.publish.tables import TOTAL, responses, short, unique

NBSP = "\u00a0"
NO_FINDING = "Ingen tal kan vises."
SHARE, BREAK = "share_pct", "break"
BREAK_TEXT = f"{BREAK_MARK} databrud"


@dataclass(frozen=True)
class Bar:
    """One bar: a share, or a text in its place."""

    panel: str
    row: str
    group: str
    value: float
    text: str


@dataclass(frozen=True)
class FigureContent:
    """A figure before it is drawn.

    Attributes:
        figure_id: Id in links and file names.
        indicator_id: The indicator it shows.
        title_da: Title, with the number of the report's figure of this kind.
        title_en: English title.
        unit_da: What the bars measure.
        panels: Titles of the panels, in order.
        rows: Labels of the rows, in order; blank ones are gaps.
        bars: The bars.
        caption: Lines under the figure: bases, breaks, source.
        finding_da: What the figure shows, in words; also its alternative text.
        is_synthetic: Whether it rests on made-up deliveries.
    """

    figure_id: str
    indicator_id: str
    title_da: str
    title_en: str
    unit_da: str
    panels: tuple[str, ...]
    rows: tuple[str, ...]
    bars: tuple[Bar, ...]
    caption: tuple[str, ...]
    finding_da: str
    is_synthetic: bool


def figure_contents(release: Release) -> tuple[FigureContent, ...]:
    """Return the figures for which the release has cells."""
    found = (
        _forms(release),
        _by_size(
            release,
            figure_id="figur-3",
            indicator_id="I05",
            title_da="Figur 3. Tid brugt på koordinering i store og små kommuner",
            title_en="Figure 3. Time spent on coordination, by size of municipality",
            subject_da="Tid til koordinering",
            measure=SHARE,
        ),
        _by_size(
            release,
            figure_id="figur-4",
            indicator_id="I08",
            title_da="Figur 4. Koordinatorernes tilfredshed med ledernes prioritering",
            title_en="Figure 4. Coordinators’ satisfaction with the leaders’ priority",
            subject_da="Ledernes prioritering",
            measure="leaders_share_pct",
        ),
    )
    return tuple(figure for figure in found if figure is not None)


def _forms(release: Release) -> FigureContent | None:
    cells = _shares(release, "I06", SHARE)
    total = [c for c in cells if c.breakdown == TOTAL]
    if not total:
        return None
    periods = sorted({c.period for c in total})
    order = unique(
        c.category for c in sorted(total, key=lambda c: (-int(c.period[:4]), c.sort_order))
    )
    labels = {c.category: c.category_label_da for c in total}
    title = {p: _panel_title(p, [c for c in total if c.period == p], periods[0]) for p in periods}
    bars = [
        Bar(title[c.period], labels[c.category], TOTAL, c.value or 0, _marked(c, periods[0]))
        for c in total
    ]
    return FigureContent(
        figure_id="figur-2",
        indicator_id="I06",
        title_da="Figur 2. Former for kommunal medfinansiering",
        title_en="Figure 2. Forms of municipal co-financing",
        unit_da="Procent af kommunerne, der bruger formen. En kommune kan bruge flere.",
        panels=tuple(title.values()),
        rows=tuple(labels[c] for c in order),
        bars=tuple(bars),
        caption=(
            *_break_lines(release, [c for c in total if c.period > periods[0]]),
            *_hidden_line(bars),
            *_withheld_lines(release, "I06", TOTAL),
            *_sources(release, total),
        ),
        finding_da=_forms_finding([c for c in total if c.period == periods[-1]]),
        is_synthetic=any(c.is_synthetic for c in total),
    )


def _by_size(
    release: Release,
    *,
    figure_id: str,
    indicator_id: str,
    title_da: str,
    title_en: str,
    subject_da: str,
    measure: str,
) -> FigureContent | None:
    cells = _shares(release, indicator_id, measure)
    if not cells:
        return None
    shown = _one_breakdown_a_period(cells)
    periods = sorted({c.period for c in shown})
    labels = {c.category: c.category_label_da for c in shown}
    empty = {k for k in labels if k == "dont_know" and _is_nil(shown, k)}
    order = [
        k
        for k in unique(c.category for c in sorted(shown, key=lambda c: (c.period, c.sort_order)))
        if k not in empty
    ]
    bars = [
        Bar(labels[c.category], _row(c), c.breakdown_value, c.value or 0, c.display_da)
        for c in shown
        if c.category not in empty
    ]
    rows: list[str] = []
    for gaps, period in enumerate(periods):
        of_period = [c for c in shown if c.period == period]
        if rows:
            rows.append(" " * gaps)
            if any(c.obs_status == BREAK_STATUS for c in of_period):
                bars += [Bar(labels[k], rows[-1], BREAK, 0, BREAK_TEXT) for k in order]
        rows += unique(_row(c) for c in of_period)
    others = _asked_otherwise(release, indicator_id, periods)
    told = [c for c in shown if c.period > periods[0]] + [c for cells in others for c in cells]
    for gaps, cells in enumerate(others, len(periods)):
        rows += [" " * gaps, cells[-1].period]
        text = BREAK_TEXT if break_notes(cells) else "opgjort på anden måde"
        bars += [Bar(labels[k], cells[-1].period, BREAK, 0, text) for k in order]
    silent = [f"Ingen svarede »{lower_first(labels[k])}«." for k in sorted(empty)]
    return FigureContent(
        figure_id=figure_id,
        indicator_id=indicator_id,
        title_da=title_da,
        title_en=title_en,
        unit_da="Procent af kommunerne",
        panels=tuple(labels[k] for k in order),
        rows=tuple(rows),
        bars=tuple(bars),
        caption=(
            _bases(shown),
            *silent,
            *map(_otherwise_line, others),
            *_break_lines(release, told),
            *_hidden_line(bars),
            *_withheld_lines(release, indicator_id, "size"),
            *_sources(release, shown),
        ),
        finding_da=_size_finding(shown, order, subject_da),
        is_synthetic=any(c.is_synthetic for c in shown),
    )


def _shares(release: Release, indicator_id: str, measure: str) -> list[ReleasedCell]:
    return [
        c
        for c in release.cells_of(indicator_id)
        if c.measure == measure and c.breakdown in (TOTAL, "size")
    ]


def _one_breakdown_a_period(cells: Sequence[ReleasedCell]) -> list[ReleasedCell]:
    """Take the cells by size where they are published, and those of all elsewhere."""
    has_size = {c.period for c in cells if c.breakdown == "size"}
    return [c for c in cells if (c.breakdown == "size") == (c.period in has_size)]


def _asked_otherwise(
    release: Release, indicator_id: str, periods: Sequence[str]
) -> list[list[ReleasedCell]]:
    """Return the cells of each period in which the question was asked in another way.

    With each period go the earlier cells of its series: a break among them is crossed on the way
    from the figures shown.
    """
    means = [c for c in release.cells_of(indicator_id) if c.measure.endswith("_mean")]
    found = sorted({c.period for c in means} - set(periods))
    return [
        sorted((c for c in means if c.period <= period), key=lambda c: c.period) for period in found
    ]


def _otherwise_line(cells: Sequence[ReleasedCell]) -> str:
    """Say what a period shows instead."""
    latest = [c for c in cells if c.period == cells[-1].period]
    sized = [c for c in latest if c.breakdown == "size"] or latest
    means = listed([f"{_group(c).lower()} {c.display_da}" for c in sized])
    return f"{latest[0].period} er opgjort som {lower_first(latest[0].measure_label_da)}: {means}."


def _break_lines(release: Release, cells: Sequence[ReleasedCell]) -> list[str]:
    """Return what the notes on breaks say of the cells that come after one."""
    return [f"{BREAK_MARK} {note.text_da}" for note in notes_of(release, break_notes(cells))]


def _panel_title(period: str, cells: Sequence[ReleasedCell], first: str) -> str:
    is_broken = period > first and all(c.obs_status == BREAK_STATUS for c in cells)
    mark = f"{BREAK_MARK} " if is_broken else ""
    return f"{mark}{period} (N{NBSP}={NBSP}{_base(cells)})"


def _marked(cell: ReleasedCell, first: str) -> str:
    """Return a printed figure, with the mark of a break where it is the first after one."""
    is_broken = cell.obs_status == BREAK_STATUS and cell.period > first
    return f"{BREAK_MARK} {cell.display_da}" if is_broken else cell.display_da


def _forms_finding(cells: Sequence[ReleasedCell]) -> str:
    """Say how many used each form; which one leads only if that can be seen."""
    visible = sorted((c for c in cells if c.value is not None), key=lambda c: -(c.value or 0))
    if not visible:
        return NO_FINDING
    used = [f"{lower_first(c.category_label_da)} {_pct(c)}" for c in visible]
    base = f"(N{NBSP}={NBSP}{_base(visible)})"
    first, *others = visible
    if len(visible) < len(cells) or not others or first.value == others[0].value:
        return f"Medfinansiering i {first.period}, andel af kommunerne {base}: {listed(used)}"
    return (
        f"I {first.period} var {lower_first(first.category_label_da)} den mest udbredte form "
        f"for medfinansiering: {_pct(first)} af kommunerne {base} brugte den. "
        f"De øvrige former: {listed(used[1:])}"
    )


def _size_finding(cells: Sequence[ReleasedCell], order: Sequence[str], subject_da: str) -> str:
    """Tell the latest wave that shows something: its first answer of those most groups show."""
    visible = [c for c in cells if c.category in order and c.value is not None and c.base]
    if not visible:
        return NO_FINDING
    period = max(c.period for c in visible)
    by_answer = [[c for c in visible if (c.period, c.category) == (period, k)] for k in order]
    told = max(by_answer, key=len)
    shares = [f"{_pct(c)} af {_group_words(c)} (N{NBSP}={NBSP}{number(c.base or 0)})" for c in told]
    answer = lower_first(told[0].category_label_da)
    return f"{subject_da}: I {period} svarede {listed(shares)} »{answer}«."


def _bases(cells: Sequence[ReleasedCell]) -> str:
    by_period: dict[str, dict[str, str]] = defaultdict(dict)
    for cell in cells:
        base = SUPPRESSED if cell.base is None else number(cell.base)
        by_period[cell.period][_group(cell).lower()] = base
    parts = [
        f"{period}: {listed([f'{base} {group}' for group, base in groups.items()])}"
        for period, groups in sorted(by_period.items())
    ]
    return f"N (kommuner i grundlaget): {'; '.join(parts)}."


def _withheld_lines(release: Release, indicator_id: str, breakdown: str) -> list[str]:
    periods = [
        w.period
        for w in release.withheld
        if (w.indicator_id, w.breakdown) == (indicator_id, breakdown)
    ]
    what = "Opdelingen" if breakdown != TOTAL else "Tabellen"
    return (
        [f"{what} for {listed(periods)} er tilbageholdt af hensyn til diskretion."]
        if periods
        else []
    )


def _hidden_line(bars: Sequence[Bar]) -> list[str]:
    hidden = any(bar.text.endswith(SUPPRESSED) for bar in bars)
    return [f"{SUPPRESSED} Ikke vist af hensyn til diskretion."] if hidden else []


def _sources(release: Release, cells: Sequence[ReleasedCell]) -> list[str]:
    periods = {c.period for c in cells}
    answers = [r.danish for period, r in responses(release).items() if period in periods]
    lines = [f"Svar: {'; '.join(answers)}."] if answers else []
    waves = listed(sorted(periods))
    return [*lines, f"Kilde: spørgeskema til kommuner med helhedsplaner, {waves}."]


def _base(cells: Sequence[ReleasedCell]) -> str:
    bases = {c.base for c in cells if c.base is not None}
    return "–".join(number(b) for b in sorted({min(bases), max(bases)})) if bases else SUPPRESSED


def _is_nil(cells: Sequence[ReleasedCell], category: str) -> bool:
    return all(c.value == 0 for c in cells if c.category == category)


def _group(cell: ReleasedCell) -> str:
    return short(cell.breakdown_value_label_da).removesuffix(" kommuner")


def _group_words(cell: ReleasedCell) -> str:
    words = lower_first(short(cell.breakdown_value_label_da))
    if cell.breakdown == TOTAL:
        return words
    return f"de {words}" if words.endswith(" kommuner") else f"kommunerne ({words})"


def _row(cell: ReleasedCell) -> str:
    return f"{cell.period}, {_group(cell).lower()}"


def _pct(cell: ReleasedCell) -> str:
    share = "0" if cell.value == 0 else cell.display_da  # the sign for nil is no word
    return f"{share}{NBSP}pct."
