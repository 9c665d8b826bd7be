"""DAGSTER_HOME: an ignored folder with a link to the tracked `dagster.yaml`.

Run history, logs and sensor state stay in the folder; the configuration stays under version
control. An installation that needs other blocks (a run launcher of its own) names a file with
them; the folder then holds `dagster.yaml` with these blocks in place of its own.
`opened_instance` is the one way our own code opens the instance.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
import yaml

from pipelines.environment import DAGSTER_HOME_ENV, OVERLAY_ENV
from pipelines.settings import Settings

CONFIG_NAME = "dagster.yaml"
EVENTS_AT_ONCE = ("DAGSTER_EVENT_BATCH_SIZE", "1000")
"""All that is planned for a run, some four hundred events, in one go; Dagster's default is none."""


class OverlayError(RuntimeError):
    """The file that `MONITOR_INSTANCE_OVERLAY` names is no overlay; says what it must be."""


def prepare_dagster_home(settings: Settings) -> Path:
    """Make DAGSTER_HOME with its configuration, and point the environment at it.

    Raises:
        OverlayError: If the installation names an overlay that cannot be read.
    """
    home = settings.dagster_home
    home.mkdir(parents=True, exist_ok=True)
    place, tracked = home / CONFIG_NAME, settings.root / CONFIG_NAME
    if settings.instance_overlay:
        _write(place, _overlaid(tracked, settings.instance_overlay))
    elif not place.is_symlink() or place.readlink() != tracked:
        temporary = _temporary(place)
        temporary.symlink_to(tracked)
        temporary.replace(place)
    os.environ[DAGSTER_HOME_ENV] = str(home)
    os.environ.setdefault(*EVENTS_AT_ONCE)
    return home


@contextmanager
def opened_instance(settings: Settings) -> Iterator[dg.DagsterInstance]:
    """Open the installation's Dagster instance for the block."""
    home = prepare_dagster_home(settings)
    with dg.DagsterInstance.from_config(str(home)) as instance:
        yield instance


def _overlaid(tracked: Path, overlay: Path) -> str:
    try:
        blocks = yaml.safe_load(overlay.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError, UnicodeDecodeError) as error:
        raise OverlayError(f"{OVERLAY_ENV}: {overlay} cannot be read: {error}") from error
    if not isinstance(blocks, dict):
        raise OverlayError(
            f"{OVERLAY_ENV}: {overlay} must hold blocks of dagster.yaml, such as `run_launcher:`"
        )
    whole = {**yaml.safe_load(tracked.read_text(encoding="utf-8")), **blocks}
    head = f"# Written from {tracked} and {overlay}; edit those.\n"
    return head + yaml.safe_dump(whole, sort_keys=False, allow_unicode=True)


def _write(place: Path, text: str) -> None:
    if not place.is_symlink() and place.is_file() and place.read_text(encoding="utf-8") == text:
        return
    temporary = _temporary(place)
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(place)


def _temporary(place: Path) -> Path:
    temporary = place.with_name(f".{place.name}.{os.getpid()}")
    temporary.unlink(missing_ok=True)
    return temporary
