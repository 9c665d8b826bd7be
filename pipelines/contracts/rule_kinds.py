"""Rules that many contracts have, told by kind instead of by SQL: what differs stays data.

A contract names the kind and its fields; here it becomes the SQL that every rule is. Rules of
one source alone are written as SQL in its `source.yml`.

A rule about groups of rows is told once and comes in two forms: over windows, for one row at a
time (`sql`), and over groups (`per`, `having`, `rows`), which costs one hash table however many
rows there are. In what is declared, `{over}` stands where a window goes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any


def expanded(rule: Mapping[str, Any], key: Sequence[str]) -> dict[str, Any]:
    """A declared rule with its SQL.

    Args:
        rule: The rule as `source.yml` has it: `sql`, or a `kind` and that kind's own entries.
        key: The fields that tell the source's rows apart.

    Raises:
        ValueError: there is no such kind, or one of its entries is missing.
    """
    if "kind" not in rule:
        return dict(rule)
    told = dict(rule)
    kind, own = told.pop("kind"), {}
    if kind not in _KINDS:
        raise ValueError(f"{rule.get('id')}: no kind {kind!r}; there are {sorted(_KINDS)}")
    make, entries = _KINDS[kind]
    for entry in entries:
        if entry not in told:
            raise ValueError(f"{rule.get('id')}: a rule of kind {kind!r} needs {entry!r}")
        own[entry] = told.pop(entry)
    return {**told, **make(key, **own)}


_REPEATED = "count(*) {over} > 1"
HAVING_REPEATED = _REPEATED.replace("{over}", "")
"""What `having` says of a key that comes twice."""


def _of_groups(per: Sequence[str], having: str, rows: str = "") -> dict[str, Any]:
    """Both forms of a rule about groups; a group whose key is missing (NULL) is none."""
    window = f"over (partition by {', '.join(per)})"
    filled = [f"{field} is not null" for field in per]
    told = [*filled, *([f"({rows})"] if rows else []), f"({having.replace('{over}', window)})"]
    return {
        "sql": " and ".join(told),
        "per": tuple(per),
        "having": having.replace("{over}", ""),
        "rows": rows,
    }


def _key_repeated(key: Sequence[str]) -> dict[str, Any]:
    """The key comes twice. One that is missing or unreadable (NULL) has its own finding."""
    return _of_groups(key, _REPEATED)


def _facts_differ(key: Sequence[str], per: Sequence[str], facts: Sequence[str]) -> dict[str, Any]:
    """A fact differs between the rows of one thing; an unreadable one (NULL) does not differ."""
    del key
    differs = " or ".join(f"min({fact}) {{over}} <> max({fact}) {{over}}" for fact in facts)
    return {**_of_groups(per, differs), "facts": tuple(facts)}


def _group_fails(key: Sequence[str], per: Sequence[str], rows: str, having: str) -> dict[str, Any]:
    """Something does not hold of a group as a whole; the sender is told at the rows named."""
    del key
    return _of_groups(per, having, rows)


def _code_and_name_disagree(
    key: Sequence[str], code: str, name: str, codelist: str
) -> dict[str, Any]:
    """The name is none of the spellings of the code beside it."""
    del key
    return {
        "sql": f"{code} is not null and {name} is not null "
        "and not exists (select 1 from code_spellings s "
        f"where s.codelist = '{codelist}' and s.code = {code} and s.spelling = spelling_of({name}))"
    }


_KINDS: Mapping[str, tuple[Callable[..., dict[str, Any]], tuple[str, ...]]] = MappingProxyType(
    {
        "key_repeated": (_key_repeated, ()),
        "facts_differ": (_facts_differ, ("per", "facts")),
        "group_fails": (_group_fails, ("per", "rows", "having")),
        "code_and_name_disagree": (_code_and_name_disagree, ("code", "name", "codelist")),
    }
)
