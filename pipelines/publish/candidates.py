"""The release candidates and their words, as the warehouse holds them before disclosure control.

Reads the live warehouse, read-only, and nothing else. These frames are internal: only what
`released` makes of them may be written anywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from pipelines.disclosure.coarsening import read_coarsenings
from pipelines.disclosure.dominance import dominated_cells
from pipelines.disclosure.facts import Question
from pipelines.disclosure.setting import DEFAULT_THRESHOLD, Rules
from pipelines.publish.database import open_read_only

_CELLS = """
    select
        cells.cell_id, cells.indicator_id, cells.period, cells.breakdown, cells.breakdown_value,
        cells.category, cells.measure, cells.unit, cells.numerator, cells.base, cells.value,
        cells.obs_status, cells.note_ids, cells.is_confidential, cells.is_synthetic,
        cells.delivery_ids, cells.sort_order, cells.population, cells.lowest_possible,
        cells.highest_possible, cells.lower_bound, cells.upper_bound, cells.weighted_value,
        coalesce(try_cast(catalogue.is_sensitive as boolean), false) as is_sensitive,
        coalesce(catalogue.title_da, cells.indicator_id) as indicator_title_da,
        coalesce(catalogue.title_en, cells.indicator_id) as indicator_title_en
    from published.pub_indicator_cells as cells
    left join reference.indicator_catalogue as catalogue
        on cells.indicator_id = catalogue.indicator_id
    left join reference.confidentiality_exceptions as exceptions
        on
            cells.indicator_id = exceptions.indicator_id
            and cells.breakdown = coalesce(exceptions.breakdown, cells.breakdown)
            and cells.measure = coalesce(exceptions.measure, cells.measure)
    where
        coalesce(try_cast(catalogue.is_released as boolean), true)
        and coalesce(exceptions.is_released, true)
    order by catalogue.position nulls last, cells.indicator_id, cells.sort_order, cells.cell_id
"""

_LABELS = """
    select dimension, code, label_da, label_en from marts.dim_cell_label order by dimension, code
"""

_CATALOGUE = """
    select
        indicator_id, title_da, title_en, definition_da, definition_en, unit, base_da, base_en,
        sources, cast(since_wave as varchar) as since_wave, owner, confidentiality,
        coalesce(try_cast(is_sensitive as boolean), false) as is_sensitive,
        cast(report_lines as varchar) as report_lines, cast(position as integer) as position
    from reference.indicator_catalogue
    order by position, indicator_id
"""

_NOTES = "select note_id, text_da, text_en from marts.dim_note order by sort_order, note_id"

_DELIVERIES = """
    select delivery_id, source, period, file_name, received_at, is_synthetic
    from raw.deliveries
    order by source, period, delivery_id
"""


# a question of several fields is for coordinators when they are
_QUESTIONS = """
    select
        questions.indicator_id, questions.measure, questions.question,
        coalesce(bool_or(fields.is_for_coordinators), false) as is_for_coordinators
    from reference.indicator_questions as questions
    left join intermediate.int_survey__fields as fields using (question)
    group by all
    order by all
"""

_COARSENINGS = (
    "select indicator_id, measure, category, parts from reference.coarsenings order by all"
)

_CONTRIBUTIONS = """
    select cell_id, contributor_kind, contributors, largest_kr, second_largest_kr, total_kr
    from intermediate.int_disclosure__contributions
    order by cell_id, contributor_kind
"""

_QUERIES = (
    _CELLS,
    _LABELS,
    _CATALOGUE,
    _NOTES,
    _DELIVERIES,
    _QUESTIONS,
    _COARSENINGS,
    _CONTRIBUTIONS,
)

HAS_COORDINATOR = ("I03", "yes")
"""The cells that say who is asked the questions on the coordinator."""


@dataclass(frozen=True)
class Candidates:
    """What may become a release."""

    cells: pd.DataFrame
    labels: pd.DataFrame
    catalogue: pd.DataFrame
    notes: pd.DataFrame
    deliveries: pd.DataFrame
    questions: pd.DataFrame
    coarsenings: pd.DataFrame
    contributions: pd.DataFrame

    def rules(self, threshold: int = DEFAULT_THRESHOLD) -> Rules:
        """Return what is declared about the protection of these cells.

        Args:
            threshold: The smallest confidential count that is published.
        """
        questions = {
            (str(r["indicator_id"]), str(r["measure"])): Question(
                str(r["question"]), HAS_COORDINATOR if r["is_for_coordinators"] else None
            )
            for r in self.questions.to_dict("records")
        }
        return Rules(
            threshold=threshold,
            questions=questions,
            coarsenings=read_coarsenings(self.coarsenings),
            dominated=self._dominated(threshold),
        )

    def _dominated(self, threshold: int) -> set[str]:
        """Return what one or two dominate at any time: a grant is the same in many extracts."""
        place = ["indicator_id", "breakdown", "breakdown_value", "category", "measure"]
        names = pd.Series(
            list(self.cells[place].itertuples(index=False, name=None)), index=self.cells.index
        )
        at_some_time = self.cells["cell_id"].isin(dominated_cells(self.contributions, threshold))
        is_dominated = names.isin(set(names[at_some_time]))
        return set(self.cells.loc[is_dominated, "cell_id"])


def read_candidates(warehouse: Path) -> Candidates:
    """Read candidates, labels, catalogue, notes and deliveries of one finished warehouse."""
    with open_read_only(warehouse) as connection:
        return Candidates(*(connection.execute(query).df() for query in _QUERIES))
