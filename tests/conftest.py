"""What every test gets: a key of its own; and which test files are slow as a whole.

The key is one for all tests and every process they start, so that no test reads or makes the
developer's own. Single slow tests say so themselves.

`make test-fast` leaves them out and stays under a minute. A file is here for what it has to do
(import Great Expectations, draw figures, start child processes, try every small table), not for
how it was written.
"""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path

import hypothesis
import pytest
from evidence_site import evidence_site
from in_memory import put_files_in_memory, remove
from shipped_installation import shipped, shipped_copy

from pipelines.environment import DRAWINGS_ENV, KEY_ENV, KEY_FILE_ENV

# no test depends on how fast the machine is
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")

__all__ = ["evidence_site", "shipped", "shipped_copy"]

TEST_KEY = "MONITOR-KEY-1-" + "TEST" * 13

SLOW_FILES = frozenset(
    {
        "custody/test_at_once.py",
        "custody/test_crash.py",
        "custody/test_kills.py",
        "custody/test_warehouse_swap.py",
        "deliveries/test_reproducible.py",
        "intake/conform/test_comparison.py",
        "intake/minutes/test_labelled.py",
        "intake/readers/test_minutes.py",
        "intake/readers/test_safe_parse.py",
        "intake/readers/test_sav.py",
        "intake/readers/test_workbooks.py",
        "orchestration/test_failures.py",
        "orchestration/test_local_storage.py",
        "orchestration/test_sensor.py",
        "publish/test_figures.py",
        "publish/test_page.py",
        "publish/test_page_of_releases.py",
        "publish/test_service.py",
        "quality/test_data_docs.py",
        "quality/test_runner.py",
        "quality/test_screen.py",
        "quality/test_suites.py",
        "disclosure/test_disclosure_brute_force.py",
    }
)


LONGEST_FIRST = (
    "whole/test_evidence.py",
    "privacy/test_canaries.py",
    "bad_inputs/test_bad_inputs.py",
    "custody/test_kills.py",
    "quality/test_suites.py",
    "deploy/test_postgres_instance.py",
    "whole/test_release.py",
    "whole/test_shipped.py",
    "disclosure/test_no_cell_too_many.py",
    "faults/test_killed_runs.py",
    "intake/check/test_check.py",
    "intake/error_workbook/test_mended.py",
    "orchestration/test_process_inbox.py",
    "history/test_rebuild.py",
    "disclosure/test_disclosure_brute_force.py",
    "intake/test_streamed_text.py",
    "dbt/test_build.py",
    "custody/test_warehouse_swap.py",
    "custody/test_crash.py",
    "custody/test_full_disk.py",
    "faults/test_killed_publishing.py",
    "whole/test_series_breaks.py",
    "history/test_corrections.py",
)
"""Files of ten seconds and more, the longest begun first, so that no core waits for the last of
them (`--no-loadscope-reorder`).

The first makes the shipped installation; those that the other process has meanwhile do not need
it, so that neither waits for the other.
"""

_SAYS_ALL_ARE_SLOW = re.compile(r"^pytestmark = (\[[^\]]*)?pytest\.mark\.slow\b", re.MULTILINE)
IN_MEMORY = pytest.StashKey[Path | None]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[IN_MEMORY] = None if config.option.basetemp else put_files_in_memory()
    os.environ[KEY_ENV] = TEST_KEY
    # a test that takes the key away still finds no other
    os.environ[KEY_FILE_ENV] = "/nonexistent/monitor-tests/key"
    # the same figure is drawn once for all tests and every process they start
    drawings = Path(tempfile.gettempdir()) / f"monitor-tests-drawings-{os.getuid()}"
    os.environ.setdefault(DRAWINGS_ENV, str(drawings))


def pytest_unconfigure(config: pytest.Config) -> None:
    if folder := config.stash.get(IN_MEMORY, None):
        remove(folder)


def _is_slow_as_a_whole(path: Path) -> bool:
    here = Path(__file__).parent
    return path.is_relative_to(here) and str(path.relative_to(here)) in SLOW_FILES


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Where slow tests are left out, files of nothing else are not even imported."""
    if collection_path.suffix != ".py" or "not slow" not in config.option.markexpr:
        return None
    if _is_slow_as_a_whole(collection_path):
        return True
    return True if _SAYS_ALL_ARE_SLOW.search(collection_path.read_text("utf-8")) else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if _is_slow_as_a_whole(item.path):
            item.add_marker(pytest.mark.slow)
    here = Path(__file__).parent
    places = {here / name: place for place, name in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: places.get(item.path, len(places)))
