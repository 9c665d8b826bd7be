"""The export's own labels held against the code book: a code may not mean another answer.

Codes alone cannot tell: a wave whose yes and no were swapped loads without a complaint, inverted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from pipelines.contracts.model import CodeBook
from pipelines.intake.conform.messages import contract_rejection
from pipelines.intake.conform.survey import places_of_variables
from pipelines.intake.readers.tables import TextTable, normalise_heading


def check_answer_labels(
    book: CodeBook,
    dataset: TextTable,
    long_names: Mapping[str, str],
    labels: Mapping[str, Mapping[str, str]],
) -> None:
    """Reject an export whose labels give a code the answer that the code book gives another one.

    A label that was only put in other words is let pass, and so is an export without labels.

    Raises:
        DeliveryRejected: an answer's code has moved (K16).
    """
    places = places_of_variables(dataset, long_names)
    answers: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for entry in book.entries:
        if entry.is_asked and entry.code and entry.answer:
            answers[entry.variable][entry.code] = _plain(entry.answer)
    moved = []
    for variable, known in answers.items():
        place = places.get(normalise_heading(variable))
        told = labels.get(dataset.header[place], {}) if place is not None else {}
        for code, label in told.items():
            others = {answer for other, answer in known.items() if other != code}
            if known.get(code) != _plain(label) and _plain(label) in others:
                moved.append(variable)
                break
    if moved:
        raise contract_rejection(
            "K16_answers_recoded", file=dataset.file, period=book.wave, variables=", ".join(moved)
        )


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()
