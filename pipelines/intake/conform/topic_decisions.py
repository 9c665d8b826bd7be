"""What persons have decided on a meeting's topics, laid over what the tagging found.

A decision is kept however often the minutes are tagged again: a removed topic stays out, a
confirmed or added one stays in, with the machine's evidence where it has any.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import duckdb

from pipelines.contracts.corrections import TopicDecision
from pipelines.intake.conform.corrections import note_hits
from pipelines.intake.minutes.tagging import Tag

TaggedBy = Literal["machine", "confirmed", "added"]


@dataclass(frozen=True, slots=True)
class DecidedTag:
    """A topic of a meeting: who says so, and the machine's evidence if there is any."""

    topic: str
    tagged_by: TaggedBy
    score: float | None = None
    page: int | None = None
    char_offset: int | None = None
    matched_in: str | None = None


def decided_tags(
    con: duckdb.DuckDBPyConnection, tags: Sequence[Tag], decisions: Sequence[TopicDecision]
) -> list[DecidedTag]:
    """Apply decisions to a meeting's tags and gather what came of them.

    Args:
        con: Where hits are gathered (`conform.corrections`).
        tags: What the tagging found.
        decisions: What persons said of this meeting; the last on a topic counts.
    """
    said = {decision.topic: decision for decision in sorted(decisions, key=lambda d: d.date)}
    decided = [_decided(tag, said.get(tag.topic)) for tag in tags]
    kept = [tag for tag in decided if tag is not None]
    found = {tag.topic for tag in tags}
    kept += [
        DecidedTag(topic, "added" if decision.decision == "added" else "confirmed")
        for topic, decision in said.items()
        if topic not in found and decision.decision != "removed"
    ]
    places = {tag.topic: place for place, tag in enumerate(kept, start=1)}
    for decision in decisions:
        counts = said[decision.topic] is decision
        # nothing is left to remove when the tagging no longer finds it
        holds = counts and (decision.decision != "removed" or decision.topic in found)
        note_hits(con, decision.id, [places.get(decision.topic, 0)], [holds], [False])
    return kept


def _decided(tag: Tag, decision: TopicDecision | None) -> DecidedTag | None:
    if decision is not None and decision.decision == "removed":
        return None
    tagged_by: TaggedBy = "machine" if decision is None else "confirmed"
    return DecidedTag(tag.topic, tagged_by, tag.score, tag.page, tag.char_offset, tag.matched_in)
