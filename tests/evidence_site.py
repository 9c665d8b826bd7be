"""The Evidence site of the shipped installation, as `monitor site` makes it.

Made once for all tests, whichever process runs them, and only read: Node takes longer over it than
the pipeline over all deliveries.
"""

from __future__ import annotations

import fcntl
import shutil
from pathlib import Path

import pytest
from shipped_installation import Installation, monitor, of_all_workers, settings_in


@pytest.fixture(scope="session")
def evidence_site(shipped: Installation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the site; the first process that wants it makes it, others wait.

    The site is made of the released cells alone, so they are all there is beside it.
    """
    place = of_all_workers(tmp_path_factory) / "evidence"
    settings, made = settings_in(place), place / "made"
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with (place / "making").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            shutil.copy(shipped.settings.publish_path, settings.publish_path)
            built = monitor(settings, "site")
            assert built.returncode == 0, built.stdout + built.stderr
            made.touch()
    return settings.data_dir / "evidence_site"
