"""Who pays how much of a plan: lines of money, drawn so that they add up to a plausible plan.

Landsbyggefonden gives up to 75 per cent (L294); most plans keep to that, a few get more.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

from scripts.make_deliveries.dice import Dice

SOURCES = (
    "lbf",
    "municipality_cash",
    "municipality_staff",
    "municipality_premises",
    "municipality_other",
    "housing_organisation",
    "other",
)
FORM_WEIGHT = {"staff": 3.0, "cash": 2.0, "premises": 1.0, "other": 0.6}
ORE = Decimal("0.01")
TENTH = Decimal("0.1")
BELOW_A_QUARTER = 0.06
EXACTLY_A_QUARTER = 0.4


@dataclass(frozen=True)
class Line:
    """One financing source of one plan."""

    source: str
    kroner: Decimal
    hours: Decimal | None = None

    def times(self, factor: float) -> Line:
        """The line after a budget revision."""
        exact = Decimal(str(factor))
        hours = None if self.hours is None else (self.hours * exact).quantize(TENTH, ROUND_HALF_UP)
        return Line(self.source, (self.kroner * exact).quantize(ORE, ROUND_CEILING), hours)


def _local_share(dice: Dice) -> float:
    kind = dice.unit()
    if kind < BELOW_A_QUARTER:
        return dice.between(0.215, 0.247)
    return 0.25 if kind < BELOW_A_QUARTER + EXACTLY_A_QUARTER else dice.between(0.252, 0.36)


def draw_lines(residents: int, years: float, forms: frozenset[str], dice: Dice) -> tuple[Line, ...]:
    """The lines of a plan for so many residents over so many years.

    The fund, the housing organisation and the municipality (in the given forms) always take part.
    """
    total = Decimal(
        round(years * (450_000 + 380 * residents) * dice.between(0.8, 1.3) / 1000) * 1000
    )
    step = {0: Decimal(1000), 1: Decimal(1), 2: ORE}[dice.weighted({0: 6.0, 1: 2.5, 2: 1.5})]
    local = total * Decimal(str(round(_local_share(dice), 6)))

    weights = {
        f"municipality_{form}": weight * dice.between(0.6, 1.4)
        for form, weight in FORM_WEIGHT.items()
        if form in forms
    }
    municipal = dice.between(0.45, 0.75)
    scale = municipal / sum(weights.values())
    parts = {source: weight * scale for source, weight in weights.items()}
    parts["other"] = dice.between(0.02, 0.08) if dice.chance(0.2) else 0.0
    parts["housing_organisation"] = 1 - sum(parts.values())

    amounts = {
        source: _up(local * Decimal(str(round(part, 6))), step)
        for source, part in parts.items()
        if part > 0
    }
    amounts["lbf"] = total - sum(amounts.values())
    hourly = Decimal(dice.whole(295, 425))
    return tuple(
        Line(
            source,
            amounts[source].quantize(ORE),
            (amounts[source] / hourly).quantize(TENTH, ROUND_HALF_UP)
            if source == "municipality_staff"
            else None,
        )
        for source in SOURCES
        if source in amounts
    )


def _up(amount: Decimal, step: Decimal) -> Decimal:
    """Up to the next whole step, so that a quarter stays at least a quarter."""
    return (amount / step).quantize(Decimal(1), ROUND_CEILING) * step
