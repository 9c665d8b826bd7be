"""Which test files are slow as a whole; single slow tests say so themselves.

`make test-fast` leaves them out and stays under a minute. A file is here for what it has to do
(import Great Expectations, draw figures, start child processes, try every small table), not for
how it was written.
"""

from __future__ import annotations

from pathlib import Path

import pytest

SLOW_FILES = frozenset(
    {
        "custody/test_crash.py",
        "custody/test_warehouse_swap.py",
        "intake/readers/test_safe_parse.py",
        "publish/test_figures.py",
        "publish/test_service.py",
        "quality/test_data_docs.py",
        "quality/test_runner.py",
        "quality/test_screen.py",
        "quality/test_suites.py",
        "statistics/test_disclosure_brute_force.py",
    }
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here) and str(item.path.relative_to(here)) in SLOW_FILES:
            item.add_marker(pytest.mark.slow)
