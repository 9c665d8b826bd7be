"""Pseudonyms: what the warehouse keeps of a value that links rows but must not be known.

A keyed hash (HMAC-SHA256) under the installation's key: the same value gets the same pseudonym in
every delivery and every rebuild, and nobody without the key can find out whose it is by trying
all numbers. Which fields are linked that way is declared in the contracts (`pseudonymised`).
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Iterable
from typing import Final

import duckdb

PSEUDONYM_BYTES: Final = 15
"""120 bits, 24 characters: no two of a billion values get the same one."""


def pseudonym(key: bytes, field: str, value: str) -> str:
    """Give the pseudonym of a value.

    Args:
        key: The installation's pseudonym key.
        field: Source and field: the same value elsewhere gets another pseudonym.
        value: What is not to be known.
    """
    digest = hmac.digest(key, f"{field}\0{value}".encode(), "sha256")
    return base64.b32encode(digest[:PSEUDONYM_BYTES]).decode("ascii").lower()


def pseudonymise(
    con: duckdb.DuckDBPyConnection, table: str, source: str, fields: Iterable[str], key: bytes
) -> None:
    """Put pseudonyms in place of the values of some columns.

    Args:
        con: An open connection.
        table: A table of it.
        source: The source whose rows these are.
        fields: Columns of text.
        key: The installation's pseudonym key.
    """
    for field in fields:
        rows = con.execute(f"select distinct {field} from {table} where {field} is not null")
        values = [value for (value,) in rows.fetchall()]
        names = [pseudonym(key, f"{source}.{field}", value) for value in values]
        con.execute(
            f"update {table} set {field} = p.name from "
            f"(select unnest($values) as value, unnest($names) as name) as p "
            f"where {table}.{field} = p.value",
            {"values": values, "names": names},
        )
