"""The register of rule ids: what was ever used stays known, so that no id comes to mean another.

Senders look ids up in old findings. An id is never taken out of `rule_ids.csv` and never used for
something else: a rule that is given up gets a date under `retired`, one that changes what follows
from it gets a new id. New rules are entered by `python -m pipelines.documents`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass, fields
from datetime import date
from pathlib import Path

from pipelines.intake.catalogue import CataloguedRule

REGISTER = Path(__file__).with_name("rule_ids.csv")


@dataclass(frozen=True, slots=True)
class RegisteredId:
    """One id that was ever used."""

    rule: str
    consequence: str
    since: str
    retired: str = ""


def registered(path: Path = REGISTER) -> tuple[RegisteredId, ...]:
    """The register as committed, in its order."""
    if not path.is_file():
        return ()
    with path.open(encoding="utf-8", newline="") as handle:
        return tuple(RegisteredId(**row) for row in csv.DictReader(handle))


def with_new_ids(
    register: Iterable[RegisteredId], rules: Iterable[CataloguedRule], today: date
) -> str:
    """The register's text with the rules that are new; what stands in it is never changed.

    A rule under a number that is taken is not entered; `problems` names it.
    """
    entries = {number(entry.rule): entry for entry in register}
    for rule in rules:
        entries.setdefault(
            number(rule.rule), RegisteredId(rule.rule, rule.consequence, today.isoformat())
        )
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([field.name for field in fields(RegisteredId)])
    writer.writerows(astuple(entry) for entry in sorted(entries.values(), key=_order))
    return text.getvalue()


def number(rule: str) -> str:
    """What stands for a rule: the number its id begins with; the inbox's ids have none."""
    return rule if "." in rule else rule.partition("_")[0]


def problems(register: Iterable[RegisteredId], rules: Iterable[CataloguedRule]) -> Iterator[str]:
    """What is wrong between the register and the rules there are, each as one sentence."""
    entries = {entry.rule: entry for entry in register}
    used = {rule.rule: rule for rule in rules}
    owners = {number(rule): rule for rule in reversed(entries)}
    for rule in (*entries, *used):
        if (owner := owners.get(number(rule), rule)) != rule:
            yield f"{number(rule)} stands for {owner}: {rule} needs a number of its own"
        elif rule not in entries:
            yield f"{rule} is not entered: run `python -m pipelines.documents`"
    for rule, entry in entries.items():
        if entry.retired and rule in used:
            yield f"{rule} was retired on {entry.retired} and is used again: take a new id"
        elif not entry.retired and rule not in used:
            yield f"{rule} is gone: write in {REGISTER.name} when it was retired"
        elif rule in used and used[rule].consequence != entry.consequence:
            yield (
                f"{rule} was {entry.consequence!r} and is {used[rule].consequence!r}: "
                "retire the id and take a new one"
            )


def _order(entry: RegisteredId) -> tuple[bool, str]:
    return "." not in entry.rule, entry.rule
