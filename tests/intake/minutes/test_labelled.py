"""How well topics are found: in labelled sentences, and in the shipped minutes."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

import pytest

from pipelines.contracts.loader import SEEDS_DIR
from pipelines.intake.minutes.tagging import load_topics, tag_topics, topics_in_text
from pipelines.intake.readers.minutes import read_minutes
from scripts.make_deliveries.minutes import chosen_meetings, file_name

TOPICS = load_topics(SEEDS_DIR)
SENTENCES = Path(__file__).with_name("labelled_sentences.csv")
DELIVERIES = Path(__file__).parents[3] / "deliveries" / "styringsdialog"
ENOUGH = 0.9


def precision_and_recall(pairs: Iterable[tuple[set[str], set[str]]]) -> tuple[float, float]:
    """Of (labelled, found), counted over all topics together."""
    right = found_count = labelled_count = 0
    for labelled, found in pairs:
        right += len(labelled & found)
        found_count += len(found)
        labelled_count += len(labelled)
    return right / found_count, right / labelled_count


def labelled_sentences() -> list[tuple[str, set[str]]]:
    with SENTENCES.open(encoding="utf-8", newline="") as file:
        return [
            (row["sentence"], set(filter(None, row["topics"].split(","))))
            for row in csv.DictReader(file, delimiter=";")
        ]


def test_labels_are_topics_and_cover_the_taxonomy() -> None:
    sentences = labelled_sentences()
    codes = {topic.code for topic in TOPICS}
    assert len(sentences) >= 60
    assert set().union(*(labels for _, labels in sentences)) == codes
    assert sum(not labels for _, labels in sentences) >= 15


def test_labelled_sentences_are_tagged_well() -> None:
    precision, recall = precision_and_recall(
        (labels, topics_in_text(sentence, TOPICS)) for sentence, labels in labelled_sentences()
    )
    assert precision >= ENOUGH, precision
    assert recall >= ENOUGH, recall


def test_shipped_minutes_are_read_and_tagged_well() -> None:
    pairs = []
    for meeting, _, kind in chosen_meetings():
        path = DELIVERIES / str(meeting.year) / file_name(meeting, kind)
        minutes = read_minutes(path.name, path.read_bytes())
        assert minutes.head.municipality == meeting.municipality_name
        assert minutes.head.organisation == meeting.organisation.name
        assert minutes.head.meeting_date == meeting.held
        tags = tag_topics(minutes, TOPICS)
        pairs.append(({item.topic.code for item in meeting.items}, {tag.topic for tag in tags}))
        assert all((tag.page is not None) == (kind == "pdf") for tag in tags)
        assert all(0 <= tag.char_offset < len(minutes.text) for tag in tags)
        assert all(0 < tag.score <= 1 for tag in tags)
        listed = [p.text for p in minutes.paragraphs if "Deltager A" in p.text]
        assert listed
        assert all(
            p.kind == "attendance" for p in minutes.paragraphs if p.text.startswith("Deltagere fra")
        )
    precision, recall = precision_and_recall(pairs)
    assert precision >= ENOUGH, precision
    assert recall >= ENOUGH, recall


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Den fysiske helhedsplan er godkendt.", {"physical_plan"}),
        ("Boligsociale og fysiske helhedsplaner.", {"physical_plan", "social_effort"}),
        ("Helhedsplanen er godkendt.", {"social_effort"}),
        ("Der er ingen utryghed.", {"resident_safety"}),
        ("TRYGHEDSVANDRING I OMRÅDET", {"resident_safety"}),
        ("Der er fysiske gener. Helhedsplaner kom ikke på tale.", {"social_effort"}),
        ("Udlejningschefen orienterede om regnskabet.", {"accounts_economy"}),
        ("Afdelingsbestyrelsen bemærkede støjen.", set()),
        ("Afdelingsbestyrelsen er nyvalgt.", {"resident_democracy"}),
    ],
)
def test_words_that_trip_a_tagger(sentence: str, expected: set[str]) -> None:
    assert topics_in_text(sentence, TOPICS) == expected
