"""What a suite is, as plain data: rules with a Danish and an English description.

Only shapes and small constructors for them. Running them is `runner`, what they say about a given
table is `arriving` and `outgoing`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

Severity = Literal["error", "warning"]
"""An error blocks what depends on the table; a warning is shown and signed off."""

Bound = int | float | date | datetime

SQL_RULE = "UnexpectedRowsExpectation"


@dataclass(frozen=True)
class Rule:
    """One expectation of one suite; `kind` is the class name in Great Expectations."""

    rule_id: str
    kind: str
    description_da: str
    description_en: str
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    column: str | None = None
    severity: Severity = "error"
    keys: tuple[str, ...] = ()
    """Columns that name what fails; empty means the suite's key."""
    whole_table: bool = False
    """True for rules that look past the rows at hand, such as those that count deliveries;
    they mean nothing on a part of the table."""


@dataclass(frozen=True)
class Suite:
    """The expectations of one table."""

    name: str
    table: str
    title_da: str
    title_en: str
    keys: tuple[str, ...]
    """Columns that name a row without saying what it holds; all that is kept of failing rows."""
    rules: tuple[Rule, ...]
    row_filter: str | None = None
    """SQL condition for the rows that count, unless a run gives its own."""
    reads: tuple[str, ...] = ()
    """SQL of whatever else the rules look at: what they find may change with its rows."""

    def __post_init__(self) -> None:
        """Refuse a suite whose rules cannot be told apart."""
        ids = [rule.rule_id for rule in self.rules]
        repeated = {i for i in ids if ids.count(i) > 1}
        if repeated:
            raise ValueError(f"{self.name}: rule ids used twice: {sorted(repeated)}")

    def keys_of(self, rule: Rule) -> tuple[str, ...]:
        """The columns that name what fails `rule`."""
        return rule.keys or self.keys

    def rule(self, rule_id: str) -> Rule:
        """The rule called `rule_id`; KeyError when there is none."""
        for rule in self.rules:
            if rule.rule_id == rule_id:
                return rule
        raise KeyError(f"{self.name} has no rule {rule_id!r}")


def not_null(column: str, label_da: str = "", label_en: str = "") -> Rule:
    """Every row fills the column."""
    return Rule(
        rule_id=f"{column}_not_null",
        kind="ExpectColumnValuesToNotBeNull",
        kwargs={"column": column},
        column=column,
        description_da=f"{label_da or column} er altid udfyldt.",
        description_en=f"{label_en or column} is always filled.",
    )


def unique(column: str) -> Rule:
    """No value of the column comes twice."""
    return Rule(
        rule_id=f"{column}_unique",
        kind="ExpectColumnValuesToBeUnique",
        kwargs={"column": column},
        column=column,
        description_da=f"{column} forekommer kun én gang.",
        description_en=f"{column} comes only once.",
    )


def in_set(column: str, codes: Iterable[str], label_da: str = "", label_en: str = "") -> Rule:
    """Filled values are members of a list."""
    return Rule(
        rule_id=f"{column}_in_list",
        kind="ExpectColumnValuesToBeInSet",
        kwargs={"column": column, "value_set": list(codes)},
        column=column,
        description_da=f"{label_da or column} er en værdi fra kodelisten.",
        description_en=f"{label_en or column} is a value of the code list.",
    )


def between(
    column: str,
    minimum: Bound | None,
    maximum: Bound | None,
    label_da: str = "",
    label_en: str = "",
) -> Rule:
    """Filled values lie within bounds, both included."""
    bounds_da = _bounds(minimum, maximum, "mindst", "højst", _danish)
    bounds_en = _bounds(minimum, maximum, "at least", "at most", _english)
    return Rule(
        rule_id=f"{column}_in_range",
        kind="ExpectColumnValuesToBeBetween",
        kwargs={"column": column, "min_value": minimum, "max_value": maximum},
        column=column,
        description_da=f"{label_da or column} er {bounds_da}.",
        description_en=f"{label_en or column} is {bounds_en}.",
    )


def matches(column: str, regex: str, description_da: str, description_en: str) -> Rule:
    """Filled values match a regular expression as a whole."""
    return Rule(
        rule_id=f"{column}_format",
        kind="ExpectColumnValuesToMatchRegex",
        kwargs={"column": column, "regex": regex},
        column=column,
        description_da=description_da,
        description_en=description_en,
    )


def sql_rule(
    rule_id: str,
    sql: str,
    description_da: str,
    description_en: str,
    *,
    keys: tuple[str, ...] = (),
    column: str | None = None,
    severity: Severity = "error",
    whole_table: bool = False,
) -> Rule:
    """No row comes out of `sql`, which selects from `batch`, the rows the suite looks at.

    It must return the key columns. The rows go through a common table expression, so that the
    statement reads the same for a table and for a filtered part of it.
    """
    escaped = sql.strip().replace("{", "{{").replace("}", "}}")
    return Rule(
        rule_id=rule_id,
        kind=SQL_RULE,
        kwargs={
            "unexpected_rows_query": f"with batch as (select * from {{batch}})\n{escaped}",
        },
        column=column,
        description_da=description_da,
        description_en=description_en,
        severity=severity,
        keys=keys,
        whole_table=whole_table,
    )


def unique_together(columns: tuple[str, ...]) -> Rule:
    """No combination of the columns comes twice.

    As SQL, since the built-in expectation does not say which rows repeat.
    """
    together = ", ".join(columns)
    return sql_rule(
        f"{'_and_'.join(columns)}_unique",
        f"select {together} from batch group by {together} having count(*) > 1",
        f"Kombinationen af {together} forekommer kun én gang.",
        f"The combination of {together} comes only once.",
        keys=columns,
    )


def _bounds(
    minimum: Bound | None,
    maximum: Bound | None,
    at_least: str,
    at_most: str,
    write: Callable[[Bound], str],
) -> str:
    parts = []
    if minimum is not None:
        parts.append(f"{at_least} {write(minimum)}")
    if maximum is not None:
        parts.append(f"{at_most} {write(maximum)}")
    if not parts:
        raise ValueError("a range needs a bound")
    return ", ".join(parts)


def _danish(bound: Bound) -> str:
    if isinstance(bound, date):
        return f"{bound:%d-%m-%Y}"
    return f"{bound:,}".translate(str.maketrans(",.", ".,"))


def _english(bound: Bound) -> str:
    return f"{bound:%Y-%m-%d}" if isinstance(bound, date) else f"{bound:,}"
