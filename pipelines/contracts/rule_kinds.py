"""Rules that many contracts have, told by kind instead of by SQL: what differs stays data.

A contract names the kind and its fields; here it becomes the SQL that every rule is. Rules of
one source alone are written as SQL in its `source.yml`.
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
    return {**told, "sql": make(key, **own)}


def _key_repeated(key: Sequence[str]) -> str:
    """The key comes twice. One that is missing or unreadable (NULL) has its own finding."""
    filled = " and ".join(f"{field} is not null" for field in key)
    return f"{filled} and count(*) over (partition by {', '.join(key)}) > 1"


def _facts_differ(key: Sequence[str], per: Sequence[str], facts: Sequence[str]) -> str:
    """A fact differs between the rows of one thing; an unreadable one (NULL) does not differ."""
    del key
    window = f"over (partition by {', '.join(per)})"
    differs = " or ".join(f"min({fact}) {window} <> max({fact}) {window}" for fact in facts)
    return f"{' and '.join(f'{field} is not null' for field in per)} and ({differs})"


def _code_and_name_disagree(key: Sequence[str], code: str, name: str, codelist: str) -> str:
    """The name is none of the spellings of the code beside it."""
    del key
    return (
        f"{code} is not null and {name} is not null and not exists (select 1 from code_spellings s "
        f"where s.codelist = '{codelist}' and s.code = {code} and s.spelling = spelling_of({name}))"
    )


_KINDS: Mapping[str, tuple[Callable[..., str], tuple[str, ...]]] = MappingProxyType(
    {
        "key_repeated": (_key_repeated, ()),
        "facts_differ": (_facts_differ, ("per", "facts")),
        "code_and_name_disagree": (_code_and_name_disagree, ("code", "name", "codelist")),
    }
)
