"""Where topics are looked for, which evidence is kept, and what the score says."""

from __future__ import annotations

from pipelines.contracts.loader import SEEDS_DIR
from pipelines.intake.minutes.tagging import Tag, load_topics, tag_topics
from pipelines.intake.readers.minutes import Minutes, read_minutes

TOPICS = load_topics(SEEDS_DIR)
HEAD = """Styringsdialog 2014, Prøveboligselskabet 96
Køge Kommune
Dato: 17. april 2014
Sted: Rådhuset
Deltagere fra Køge Kommune: Boligsocial koordinator A, Tryghedskonsulent B
Deltagere fra Prøveboligselskabet 96: Udlejningschef C, Renoveringschef D
Afbud: Administrationschef E, SSP-konsulent F
"""


def minutes_of(body: str, head: str = HEAD) -> Minutes:
    return read_minutes("referat.txt", (head + body).encode())


def tags_of(body: str, head: str = HEAD) -> dict[str, Tag]:
    return {tag.topic: tag for tag in tag_topics(minutes_of(body, head), TOPICS)}


def test_heads_and_lists_of_participants_are_not_tagged() -> None:
    assert tags_of("Ad 1. Velkomst\nAlle bød velkommen.") == {}
    body = "1. Mødedeltagere\nTryghedskonsulent B\nØkonomichef G\n2. Velkomst\nFint vejr i dag."
    assert tags_of(body) == {}
    assert tags_of("1. Velkomst\nGodt møde.\nKopi til: Afdelingsbestyrelsen i Parken") == {}


def test_the_organisations_own_name_is_not_a_topic() -> None:
    head = HEAD.replace("Prøveboligselskabet 96", "Boligforeningen Ny Tryghed")
    assert tags_of("Ad 1. Velkomst\nBoligforeningen Ny Trygheds formand kom.", head) == {}
    assert set(tags_of("Ad 1. Velkomst\nBoligforeningen Ny Tryghed måler tryghed.", head)) == {
        "resident_safety"
    }


def test_a_heading_is_stronger_than_text_and_is_the_evidence() -> None:
    body = "Ad 1. Velkomst\nMan talte om tryghed.\nAd 2. Beboertryghed\nDer er ikke set hærværk."
    minutes = minutes_of(body)
    (tag,) = tag_topics(minutes, TOPICS)
    assert (tag.topic, tag.matched_in, tag.page) == ("resident_safety", "heading", None)
    assert minutes.text[tag.char_offset :].startswith("Beboertryghed")
    assert tag.score == 0.95
    assert tags_of("1. Velkomst\nMan talte om tryghed.")["resident_safety"].score == 0.5
    assert tags_of("1. Velkomst\nMan talte om beboertryghed.")["resident_safety"].score == 0.4
    assert tags_of("1. TRYGHED\nAlt vel.")["resident_safety"].score == 0.8


def test_the_score_has_a_ceiling() -> None:
    body = "1. Tryghed\n" + "Tryghed blev drøftet igen. " * 40
    assert tags_of(body)["resident_safety"].score == 0.99


def test_an_agenda_counts_only_when_its_points_do_not_come_again() -> None:
    agenda = "Dagsorden:\n1. VELKOMST 2. BEBOERTRYGHED\n"
    assert tags_of(agenda + "1. VELKOMST\nGodt.\n2. EVENTUELT\nIntet.") == {}
    listed = "Dagsorden\n1. Velkomst\n2. Tryghed\n3. Husleje\n"
    assert set(tags_of(listed + "Ad 1. Velkomst\nGodt.\nAd 3. Husleje\nDen stiger.")) == {
        "rent_level"
    }
    assert set(tags_of("Dagsorden:\n1. Velkomst\nGodt.\n2. Tryghed\nDen er god.")) == {
        "resident_safety"
    }


def test_a_point_put_off_was_not_discussed() -> None:
    assert tags_of("Ad 1. Tryghed\nPunktet udgik.\nAd 2. Eventuelt\nIntet.") == {}
    assert tags_of("Ad 1. Tryghed\nPunktet blev udsat til næste møde.") == {}
    assert set(tags_of("Ad 1. Tryghed\nPunktet blev rost.")) == {"resident_safety"}


def test_heading_and_text_in_one_line_are_parted() -> None:
    tags = tags_of("Ad 1. Velkomst\nGodt.\nAd 2. Tryghed: Der er uro. Huslejen stiger.")
    assert tags["resident_safety"].matched_in == "heading"
    assert tags["rent_level"].matched_in == "text"


def test_minutes_without_headings_are_tagged_too() -> None:
    tags = tags_of("Parterne drøftede tryghed og husleje i alle afdelinger.")
    assert set(tags) == {"resident_safety", "rent_level"}


def test_nothing_of_the_text_shows_in_a_representation() -> None:
    shown = repr(minutes_of("Ad 1. Velkomst\nHanne Prøve kom."))
    assert "Hanne" not in shown
    assert "Tryghedskonsulent" not in shown
