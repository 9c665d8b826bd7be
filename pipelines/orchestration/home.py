"""DAGSTER_HOME: an ignored folder with a link to the tracked `dagster.yaml`.

Run history, logs and sensor state stay in the folder; the configuration stays under version
control. `opened_instance` is the one way our own code opens the instance.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg

from pipelines.settings import Settings

CONFIG_NAME = "dagster.yaml"


def prepare_dagster_home(settings: Settings) -> Path:
    """Make DAGSTER_HOME with its link to the configuration, and point the environment at it."""
    home = settings.dagster_home
    home.mkdir(parents=True, exist_ok=True)
    link, wanted = home / CONFIG_NAME, settings.root / CONFIG_NAME
    if not link.is_symlink() or link.readlink() != wanted:
        temporary = home / f".{CONFIG_NAME}.{os.getpid()}"
        temporary.unlink(missing_ok=True)
        temporary.symlink_to(wanted)
        temporary.replace(link)
    os.environ["DAGSTER_HOME"] = str(home)
    return home


@contextmanager
def opened_instance(settings: Settings) -> Iterator[dg.DagsterInstance]:
    """Open the installation's Dagster instance for the block."""
    home = prepare_dagster_home(settings)
    with dg.DagsterInstance.from_config(str(home)) as instance:
        yield instance
