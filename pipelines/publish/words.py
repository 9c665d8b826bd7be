"""Sentences that stand on more than one product, in Danish and English."""

from __future__ import annotations

SYNTHETIC_MARK_DA = "SYNTETISKE DATA"
SYNTHETIC_DA = (
    "SYNTETISKE DATA: Tallene er lavet for at vise systemet. "
    "De må ikke bruges som oplysninger om kommunerne."
)
SYNTHETIC_EN = (
    "SYNTHETIC DATA: The figures were made to show the system. "
    "They must not be used as facts about the municipalities."
)
WITHHELD_DA = "Af hensyn til diskretion."
WITHHELD_EN = "Withheld for confidentiality."
NO_NOTES = "ingen"
