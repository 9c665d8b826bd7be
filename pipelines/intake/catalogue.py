"""Every rule a sender may hear of, in one list: of the inbox, of files, of contracts, of sources.

The rules themselves stand where they are made; here they are only brought together, for the
delivery guide and for the register of ids (`rule_ids`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Literal

from pipelines.contracts.loader import load_source, source_names
from pipelines.intake import completeness, inbox, items, names, receive
from pipelines.intake.conform.messages import CONTRACT_RULES
from pipelines.intake.file_rules import FILE_RULES
from pipelines.intake.names import Reason

Consequence = Literal["waits", "rejected", "held_back", "told"]
"""Not taken from the inbox; the delivery refused; the row set aside; loaded and remarked on."""

_REASONS_IN: tuple[ModuleType, ...] = (names, items, completeness, inbox, receive)


@dataclass(frozen=True, slots=True)
class CataloguedRule:
    """One rule as a sender hears of it; `source` is None where it holds for all."""

    rule: str
    consequence: Consequence
    source: str | None
    message_da: str
    message_en: str
    example_da: str


def catalogue() -> tuple[CataloguedRule, ...]:
    """All rules: the inbox's, then those about files, those of every contract, the sources' own."""
    return (*_of_the_inbox(), *_of_files(), *_of_contracts(), *_of_sources())


def _of_the_inbox() -> Iterator[CataloguedRule]:
    seen: set[str] = set()
    for module in _REASONS_IN:
        for reason in vars(module).values():
            if isinstance(reason, Reason) and reason.rule not in seen:
                seen.add(reason.rule)
                yield CataloguedRule(
                    reason.rule,
                    "waits",
                    None,
                    reason.message_da,
                    reason.message_en,
                    reason.example_da,
                )


def _of_files() -> Iterator[CataloguedRule]:
    follows: dict[str, Consequence] = {
        "reject": "rejected",
        "error": "held_back",
        "warning": "told",
    }
    for rule in FILE_RULES.values():
        yield CataloguedRule(
            rule.rule,
            follows[rule.effect],
            None,
            rule.message_da,
            rule.message_en,
            rule.example_da,
        )


def _of_contracts() -> Iterator[CataloguedRule]:
    for rule in CONTRACT_RULES.values():
        yield CataloguedRule(
            rule.rule,
            "rejected" if rule.severity is None else _of_severity(rule.severity),
            None,
            rule.message_da,
            rule.message_en,
            rule.example_da,
        )


def _of_sources() -> Iterator[CataloguedRule]:
    for name in source_names():
        for rule in load_source(name).rules:
            yield CataloguedRule(
                rule.id,
                _of_severity(rule.severity),
                name,
                rule.message_da,
                rule.message_en,
                rule.example_da,
            )


def _of_severity(severity: Literal["error", "warning"]) -> Consequence:
    return "held_back" if severity == "error" else "told"
