"""Fixtures of the quality tests: the small tables, and the suites of the real contracts."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import duckdb
import pytest
import small_tables

from pipelines.contracts.loader import load_source
from quality.arriving import SOURCES, arriving_suites
from quality.engine import context
from quality.model import Suite
from quality.outgoing import candidate_suites, released_suites


@pytest.fixture(scope="session", autouse=True)
def _great_expectations() -> None:
    """Pay for the import once, outside the time of any single test."""
    context()


@pytest.fixture(scope="module", autouse=True)
def _nothing_leaves(_great_expectations: None) -> Iterator[None]:
    """No check, and no page of Data Docs, connects to anything: telemetry is off."""
    attempts: list[object] = []

    def refuse(_self: socket.socket, address: object) -> None:
        attempts.append(address)
        raise ConnectionRefusedError(f"a quality test tried to reach {address}")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", refuse)
        yield
    assert attempts == []


@pytest.fixture(scope="session")
def suites() -> dict[str, Suite]:
    """Every suite by name."""
    arriving = arriving_suites({name: load_source(name) for name in SOURCES})
    return {suite.name: suite for suite in (*arriving, *candidate_suites(), *released_suites())}


@pytest.fixture
def raw() -> Iterator[duckdb.DuckDBPyConnection]:
    con = small_tables.raw_database()
    yield con
    con.close()


@pytest.fixture
def released() -> Iterator[duckdb.DuckDBPyConnection]:
    con = small_tables.released_database()
    yield con
    con.close()


@pytest.fixture
def published() -> Iterator[duckdb.DuckDBPyConnection]:
    con = small_tables.published_database()
    yield con
    con.close()
