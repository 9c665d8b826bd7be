"""What intake has to say about a delivery: findings for rows, rejections for whole files.

Here belong the two shapes a complaint can take and how they are made from the catalogue of rules
about files (`file_rules`).

Here do not belong: the rules of a source's contract (pipelines/sources/<source>/), nor anything
that decides what happens to a delivery. No message is ever built from a cell's value: senders
find the place by file, sheet, row and column.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal

from pipelines.intake.file_rules import FILE_RULES
from pipelines.privacy.personal_data import names_a_person, without_personal_data

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One complaint about one place in a delivery; an error sets the row aside."""

    file: str
    sheet: str | None
    row: int | None
    column: str | None
    rule: str
    severity: Severity
    message_da: str
    message_en: str

    def __post_init__(self) -> None:
        # names are the sender's own text: a sheet may be called after a person
        for name in ("file", "sheet", "column", "message_da", "message_en"):
            text = getattr(self, name)
            if text and names_a_person(text):
                object.__setattr__(self, name, without_personal_data(text))

    def to_dict(self) -> dict[str, str | int | None]:
        """Return the finding as plain data, in the order of the JSON report."""
        return asdict(self)


class DeliveryRejected(Exception):  # noqa: N818 - a decision about a delivery, not a failure of ours
    """The whole file cannot be used; carries what its sender needs to mend it."""

    def __init__(
        self,
        rule: str,
        message_da: str,
        message_en: str,
        *,
        file: str = "",
        sheet: str | None = None,
    ) -> None:
        super().__init__(f"{rule}: {message_en}")
        self.rule = rule
        self.message_da = message_da
        self.message_en = message_en
        self.file = file
        self.sheet = sheet

    def to_finding(self) -> Finding:
        """Return the rejection as the one finding that stands for the whole file."""
        return Finding(
            self.file, self.sheet, None, None, self.rule, "error", self.message_da, self.message_en
        )


def rejected(
    rule: str, *, file: str, sheet: str | None = None, **details: object
) -> DeliveryRejected:
    """Make the rejection of a catalogued rule; `details` fill its message templates."""
    entry = FILE_RULES[rule]
    return DeliveryRejected(
        rule,
        entry.message_da.format(**details),
        entry.message_en.format(**details),
        file=file,
        sheet=sheet,
    )


def finding(
    rule: str,
    *,
    file: str,
    sheet: str | None = None,
    row: int | None = None,
    column: str | None = None,
    **details: object,
) -> Finding:
    """Make the finding of a catalogued rule; `details` fill its message templates.

    Callers never pass a cell's value among the details.
    """
    entry = FILE_RULES[rule]
    return Finding(
        file,
        sheet,
        row,
        column,
        rule,
        "warning" if entry.effect == "warning" else "error",
        entry.message_da.format(**details),
        entry.message_en.format(**details),
    )
