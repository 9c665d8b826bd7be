"""Every environment variable an installation may set: its name, its default, what it is for.

Declared here once: code takes the names from here, `docs/deployment.md` shows this table, and the
files in `deploy/` set nothing else (`tests/deploy`). Where a value is read is the business of the
module that needs it.
"""

from __future__ import annotations

from dataclasses import dataclass

DATA_DIR_ENV = "MONITOR_DATA_DIR"
DAGSTER_HOME_ENV = "DAGSTER_HOME"
KEY_ENV = "MONITOR_KEY"
KEY_FILE_ENV = "MONITOR_KEY_FILE"
POSTGRES_ENV = "MONITOR_POSTGRES_URL"
OVERLAY_ENV = "MONITOR_INSTANCE_OVERLAY"
SENSORS_ENV = "MONITOR_SENSORS"
USER_ENV = "MONITOR_USER"
PARSE_SECONDS_ENV = "MONITOR_PARSE_SECONDS"
PARSE_MEMORY_ENV = "MONITOR_PARSE_MEMORY_MB"
DRAWINGS_ENV = "MONITOR_DRAWINGS_DIR"


@dataclass(frozen=True)
class Variable:
    """One environment variable, as a person who installs the product must know it."""

    name: str
    default: str
    """What holds when it is not set, in words."""
    meaning: str
    is_secret: bool = False
    """Whether its value may never stand in a file that others can read, or in a log."""


VARIABLES = (
    Variable(
        DATA_DIR_ENV,
        "`warehouse/` in the checkout",
        "The data folder: inbox, archive, ledger, warehouse, published files. On one local disk: "
        "the writer's lock is a kernel lock",
    ),
    Variable(
        DAGSTER_HOME_ENV,
        "`.dagster_home/` in the checkout",
        "Dagster's folder; a link to `dagster.yaml` is made in it. Holds the run history too, "
        f"unless `{POSTGRES_ENV}` is set",
    ),
    Variable(
        KEY_FILE_ENV,
        "`~/.config/boligsocial-monitor/key`",
        "The file with the installation's key, outside checkout and data folder, mode 0600",
    ),
    Variable(
        KEY_ENV,
        "not set: the key file is read",
        "The key itself, where secrets come by environment (containers)",
        is_secret=True,
    ),
    Variable(
        POSTGRES_ENV,
        "not set: SQLite files in `DAGSTER_HOME`",
        "PostgreSQL for Dagster's runs, event log and schedules, as a URL that SQLAlchemy takes; "
        "needs the extra `postgres`",
        is_secret=True,
    ),
    Variable(
        OVERLAY_ENV,
        "not set: `dagster.yaml` as it is",
        "A YAML file with blocks that are put in place of those of `dagster.yaml`, such as "
        "another run launcher",
    ),
    Variable(
        SENSORS_ENV,
        "`off`: a person switches them on in the UI",
        "`on`: sensors and schedules start switched on",
    ),
    Variable(
        USER_ENV,
        "the system's user",
        "Who the ledger says did it, at most 60 characters",
    ),
    Variable(
        PARSE_SECONDS_ENV,
        "`20`",
        "Seconds that the child which takes a delivered file apart may use",
    ),
    Variable(
        PARSE_MEMORY_ENV,
        "`2048`",
        "MiB of memory that this child may use",
    ),
    Variable(
        DRAWINGS_ENV,
        "`build/drawings/` in the data folder",
        "Where several installations keep drawn figures together",
    ),
)
