"""What is said of how certain an indicator is, alike on its page and in the annual tables."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.publish.model import Indicator, ReleasedCell
from pipelines.publish.tables import RESPONSE


def uncertainty_of(indicator: Indicator, cells: Sequence[ReleasedCell]) -> str:
    """Name the text that says how certain the figures are; without intervals it tells of none."""
    if is_response(indicator):
        return "uncertainty_response"
    if any(c.lower_bound is not None for c in cells):
        return "uncertainty_survey"
    has_answers = is_asked(indicator) and any(c.is_confidential for c in cells)
    return "uncertainty_tested" if has_answers else "uncertainty_register"


def is_asked(indicator: Indicator) -> bool:
    """Whether an indicator rests on answers to the survey (its response itself does not)."""
    return "survey" in indicator.sources.split("|") and not is_response(indicator)


def is_response(indicator: Indicator) -> bool:
    """Whether an indicator counts who answered the survey, not what."""
    return indicator.indicator_id == RESPONSE
