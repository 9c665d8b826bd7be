"""Minutes of a styringsdialog meeting become tagged topics with the place of their evidence.

The text itself stays behind the gate: what goes on is which topic, where, and how sure.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path

import duckdb
import pyarrow as pa

from pipelines.contracts.corrections import TopicDecision
from pipelines.contracts.loader import SEEDS_DIR
from pipelines.intake.conform.messages import contract_rejection
from pipelines.intake.conform.table import ACCEPTED, Conformed
from pipelines.intake.conform.topic_decisions import decided_tags
from pipelines.intake.delivery import ArchivedDelivery
from pipelines.intake.minutes.tagging import load_topics, tag_topics
from pipelines.intake.readers.minutes import Minutes

_TAGS = pa.schema(
    [
        ("row_number", pa.int64()),
        ("period", pa.string()),
        ("municipality_code", pa.string()),
        ("housing_organisation", pa.string()),
        ("meeting_date", pa.date32()),
        ("topic", pa.string()),
        ("score", pa.float64()),
        ("page", pa.int32()),
        ("char_offset", pa.int64()),
        ("matched_in", pa.string()),
        ("tagged_by", pa.string()),
    ]
)


def conform_minutes(
    con: duckdb.DuckDBPyConnection,
    minutes: Minutes,
    delivery: ArchivedDelivery,
    decisions: Sequence[TopicDecision] = (),
    seeds_dir: Path = SEEDS_DIR,
) -> tuple[str, Conformed]:
    """Tag the minutes' topics; the rows are left in the temporary table `ACCEPTED`.

    Args:
        con: A connection prepared for the source.
        minutes: The minutes as read.
        delivery: What was delivered.
        decisions: What persons have decided on topics of meetings; it is kept, whatever the
            tagging finds.
        seeds_dir: Where the topic list is.

    Returns:
        The meeting's key (municipality, date, organisation), which later minutes of the same
        meeting supersede, and the counts: a row is a tagged topic.

    Raises:
        DeliveryRejected: the head names no known municipality (K06), the meeting belongs to
            another year (K02), or no topic was found (K08).
    """
    head = minutes.head
    name = re.sub(r"\s+kommune$", "", head.municipality.strip(), flags=re.IGNORECASE)
    row = con.execute(
        "select any_value(code) from code_spellings "
        "where codelist = 'municipality' and spelling = spelling_of($name)",
        {"name": name},
    ).fetchone()
    code = row[0] if row else None
    if code is None:
        raise contract_rejection("K06_unknown_municipality", file=delivery.name)
    if not 0 <= head.meeting_date.year - int(delivery.period) <= 1:
        raise contract_rejection(
            "K02_other_period",
            file=delivery.name,
            stated=str(head.meeting_date.year),
            stated_en=str(head.meeting_date.year),
            period=delivery.period,
        )
    of_meeting = [d for d in decisions if d.is_about(code, head.organisation, head.meeting_date)]
    tags = decided_tags(con, tag_topics(minutes, load_topics(seeds_dir)), of_meeting)
    if not tags:
        raise contract_rejection("K08_no_topic_found", file=delivery.name)
    same = {
        "period": delivery.period,
        "municipality_code": code,
        "housing_organisation": head.organisation,
        "meeting_date": head.meeting_date,
    }
    told = ("topic", "score", "page", "char_offset", "matched_in", "tagged_by")
    rows = [
        {"row_number": number, **same, **{name: getattr(tag, name) for name in told}}
        for number, tag in enumerate(tags, 1)
    ]
    con.register("tags_frame", pa.Table.from_pylist(rows, _TAGS))
    con.execute(f"create or replace temp table {ACCEPTED} as select * from tags_frame")
    con.unregister("tags_frame")
    meeting = f"{code}-{head.meeting_date.isoformat()}-{_slug(head.organisation)}"
    return meeting, Conformed(len(tags), len(tags), minutes.findings)


def _slug(text: str) -> str:
    plain = text.casefold().replace("æ", "ae").replace("ø", "oe").replace("å", "aa")
    ascii_only = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")
