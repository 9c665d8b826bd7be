"""What a release tells its pages: calendar, changes, revisions, where each figure comes from.

The site takes plain records; this is the one place that makes them of what a release knows.
"""

from __future__ import annotations

from datetime import datetime

from pipelines.publish.site.announced import announced
from pipelines.publish.site.content import (
    Calculation,
    Change,
    Changes,
    Revision,
    Surroundings,
    Trail,
)
from pipelines.release.context import Context
from pipelines.release.diff import Change as CellChange
from pipelines.release.explain import Explainer, Explanation

_LONGEST_ROWS = 60
"""Row numbers are written out up to so many characters; beyond it their number is told."""


def surroundings_of(context: Context) -> Surroundings:
    """Return what the pages of a release tell beside its cells."""
    explanations = context.explainer.all()
    return Surroundings(
        calendar=announced(context.schedule),
        revisions=tuple(
            Revision(
                each.version_new,
                datetime.fromisoformat(each.planned_at),
                _told(each.change),
                each.reason_da,
                each.reason_en,
            )
            for each in reversed(context.revisions)
            if _is_seen(each.change)
        ),
        changes=(
            Changes(
                str(context.previous),
                tuple(_told(each) for each in context.changes if _is_seen(each)),
            )
            if context.previous is not None
            else None
        ),
        trails={cell_id: _trail(explained) for cell_id, explained in explanations.items()},
        calculations=_calculations(context.explainer),
    )


def _is_seen(change: CellChange) -> bool:
    """Whether readers can see it, be it in the definition."""
    return change.is_seen or bool(change.definition_new)


def _told(change: CellChange) -> Change:
    return Change(
        cell_id=change.cell_id,
        indicator_id=change.indicator_id,
        what_da=change.title_da,
        what_en=change.title_en,
        period=change.period,
        old=change.display_old,
        new=change.display_new,
        cause_da=change.cause_da,
        cause_en=change.cause_en,
    )


def _trail(explained: Explanation) -> Trail:
    rows = {}
    for behind in explained.deliveries:
        if behind.rows and len(behind.rows) <= _LONGEST_ROWS:
            rows[behind.facts.delivery_id] = behind.rows
    return Trail(
        deliveries=tuple(behind.facts.delivery_id for behind in explained.deliveries),
        rows=rows,
        earlier=tuple((each.version, each.display_da) for each in explained.earlier),
    )


def _calculations(explainer: Explainer) -> dict[str, tuple[Calculation, ...]]:
    """Return the SQL behind each indicator, its published model first."""
    models = explainer.models
    return {
        indicator_id: tuple(
            Calculation(
                name,
                models.sql[name].description,
                models.sql[name].sql,
                models.sql[name].written,
                is_lookup=name in chain.lookups,
                tests=models.sql[name].tests,
            )
            for name in chain.all_models
        )
        for indicator_id, chain in models.chains.items()
    }
