"""How Great Expectations reaches DuckDB: a SQLAlchemy dialect over a connection lent to it.

Great Expectations has no DuckDB support of its own, and three things are in the way of
`duckdb-engine` as it is: rows are fetched after the connection went back to its pool, where a
rollback would throw them away; the pool keeps connections that stand in the way of a writer; and
regular expressions are unknown for the dialect. Nothing else belongs here.

Importing this module imports SQLAlchemy and registers the dialect; `engine` does so when it must.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import duckdb
from duckdb_engine import ConnectionWrapper, Dialect
from sqlalchemy import pool
from sqlalchemy.dialects import registry
from sqlalchemy.engine import URL
from sqlalchemy.types import NullType

_lent: dict[str, duckdb.DuckDBPyConnection] = {}
_numbers = itertools.count(1)


class LentDuckDBDialect(Dialect):
    """DuckDB over a connection from `lend`; reads only, so transactions are left alone."""

    supports_statement_cache = False
    ischema_names = Dialect.ischema_names | {"list": NullType}

    def connect(self, *cargs: Any, **cparams: Any) -> Any:
        """A cursor of the lent connection: closing it never closes the lender's."""
        name = str(cargs[0] if cargs else cparams["database"])
        return ConnectionWrapper(_lent[name].cursor())

    @classmethod
    def get_pool_class(cls, _url: URL) -> type[pool.Pool]:
        """One connection, closed with the engine."""
        return pool.StaticPool

    def do_begin(self, _connection: Any) -> None:
        """Nothing: a statement reads in its own transaction."""

    def do_rollback(self, _connection: Any) -> None:
        """Nothing: rows may still be waiting to be fetched."""

    def do_commit(self, _connection: Any) -> None:
        """Nothing: nothing is written."""


dialect = LentDuckDBDialect
"""SQLAlchemy's convention for a dialect module; Great Expectations reads from it that the regular
expressions of PostgreSQL, which DuckDB shares, will do."""


@contextmanager
def lend(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    """Lend an open connection; gives the URL under which SQLAlchemy finds it."""
    name = f"lent{next(_numbers)}"
    _lent[name] = connection
    try:
        yield f"duckdb+lent:///{name}"
    finally:
        del _lent[name]


registry.register("duckdb.lent", __name__, LentDuckDBDialect.__name__)
