"""Everything Dagster knows of this project, as one list to be read from top to bottom.

Loading it imports neither dbt nor Great Expectations, unless a file of the dbt project changed
since it was last parsed (`orchestration.dbt_manifest`).
"""

from __future__ import annotations

import os
import warnings

import dagster as dg

from pipelines.environment import SENSORS_ENV
from pipelines.logs import write_json_lines
from pipelines.orchestration.alert_sensor import alert_sensor
from pipelines.orchestration.custody_checks import (
    ARCHIVE_CHECK,
    EXPECTED_CHECK,
    archive_matches_ledger,
    wave_expected,
)
from pipelines.orchestration.dbt_models import dbt_models_asset
from pipelines.orchestration.failure_sensor import failure_sensor
from pipelines.orchestration.inbox_sensor import inbox_sensor
from pipelines.orchestration.jobs import check_job, process_inbox_job, reload_jobs, schedule
from pipelines.orchestration.layers import Layers
from pipelines.orchestration.quality_checks import suite_checks
from pipelines.orchestration.raw_assets import DELIVERIES, intake_asset, raw_table_asset
from pipelines.orchestration.release_assets import release_assets
from pipelines.orchestration.resources import writer_of
from pipelines.orchestration.run_locks import locked_executor
from pipelines.orchestration.signed_releases import (
    approval_asset,
    published_release,
    release_candidate,
    release_checks,
    release_jobs,
)
from pipelines.settings import Settings


def definitions(settings: Settings, layers: Layers | None = None) -> dg.Definitions:
    """Build the definitions of an installation.

    Args:
        settings: Where its data and its dbt project are.
        layers: Other layers than the installation's own, for tests.
    """
    # Our lines of JSON are a handler named in dagster.yaml, which Dagster calls beta; we know.
    warnings.filterwarnings("ignore", "Handling yaml-defined logging", dg.BetaWarning)
    bound = layers or Layers(settings)
    is_on = os.environ.get(SENSORS_ENV) == "on"
    tables = bound.raw_tables()

    intake = intake_asset(tables)
    reloads = [raw_table_asset(table, tables) for table in tables]
    models = dbt_models_asset(settings.dbt_dir)
    releases = release_assets(models.keys)
    after_raw = {*models.keys, *(key for asset in releases for key in asset.keys)}

    process_inbox = process_inbox_job(tables, after_raw)
    reconcile = check_job("reconcile", ARCHIVE_CHECK, "Holds the ledger against the archive.")
    expected = check_job("wave_expected", EXPECTED_CHECK, "Warns of deliveries that are late.")

    return dg.Definitions(
        assets=[
            *(intake, *reloads, models, *releases),
            *(release_candidate, approval_asset(), published_release),
        ],
        asset_checks=[
            suite_checks("arriving", bound.suites("arriving"), after=[DELIVERIES]),
            suite_checks("candidates", bound.suites("candidates")),
            suite_checks("released", bound.suites("released"), group="publish"),
            release_checks,
            archive_matches_ledger,
            wave_expected,
        ],
        jobs=[
            *(process_inbox, *reload_jobs(tables, after_raw), reconcile, expected),
            *release_jobs(),
        ],
        sensors=[
            inbox_sensor(process_inbox, is_on=is_on),
            failure_sensor(bound, is_on=is_on),
            alert_sensor(is_on=is_on),
        ],
        schedules=[
            schedule(reconcile, "30 2 * * *", is_on=is_on),
            schedule(expected, "0 7 * * *", is_on=is_on),
        ],
        resources={"layers": bound, "writer": writer_of(bound)},
        executor=locked_executor,
    )


@dg.definitions
def defs() -> dg.Definitions:
    """What `dagster dev`, the code server and the daemon load."""
    write_json_lines()  # of what sensors say
    return definitions(Settings.from_env())
