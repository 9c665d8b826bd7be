"""The metrics as a file, where the environment asks for one; it never stops a run."""

from __future__ import annotations

import logging
import os
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.durable import write_replacing
from pipelines.environment import METRICS_FILE_ENV
from pipelines.metrics.collect import families
from pipelines.metrics.openmetrics import text
from pipelines.settings import Settings

if TYPE_CHECKING:
    import dagster as dg

LOG = logging.getLogger(__name__)


def write_metrics(
    settings: Settings, now: datetime, instance: dg.DagsterInstance | None
) -> Path | None:
    """Write the file, whole or not at all; gives its path, or None where none is asked for."""
    named = os.environ.get(METRICS_FILE_ENV)
    if not named:
        return None
    path = Path(named)
    try:
        write_replacing(path, text(families(settings, now, instance)).encode())
    except OSError as error:
        LOG.warning("the metrics could not be written (%s)", type(error).__name__)
        return None
    return path
