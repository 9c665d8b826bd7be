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
CODE_SOCKET_ENV = "MONITOR_CODE_SOCKET"
IMAGE_ENV = "MONITOR_IMAGE"
CELERY_BROKER_ENV = "MONITOR_CELERY_BROKER_URL"
OVERLAY_ENV = "MONITOR_INSTANCE_OVERLAY"
SENSORS_ENV = "MONITOR_SENSORS"
USER_ENV = "MONITOR_USER"
PARSE_SECONDS_ENV = "MONITOR_PARSE_SECONDS"
PARSE_MEMORY_ENV = "MONITOR_PARSE_MEMORY_MB"
DRAWINGS_ENV = "MONITOR_DRAWINGS_DIR"
INSTALLATION_ENV = "MONITOR_INSTALLATION"
DOCS_URL_ENV = "MONITOR_DOCS_URL"
MAIL_TO_ENV = "MONITOR_ALERT_MAIL_TO"
MAIL_FROM_ENV = "MONITOR_ALERT_MAIL_FROM"
SMTP_HOST_ENV = "MONITOR_SMTP_HOST"
SMTP_PORT_ENV = "MONITOR_SMTP_PORT"
SMTP_SECURITY_ENV = "MONITOR_SMTP_SECURITY"
SMTP_USER_ENV = "MONITOR_SMTP_USER"
SMTP_PASSWORD_ENV = "MONITOR_SMTP_PASSWORD"
WEBHOOK_URL_ENV = "MONITOR_ALERT_WEBHOOK_URL"
WEBHOOK_TOKEN_ENV = "MONITOR_ALERT_WEBHOOK_TOKEN"
LOG_ENV = "MONITOR_LOG"
METRICS_FILE_ENV = "MONITOR_METRICS_FILE"
VIEWER_PORT_ENV = "MONITOR_VIEWER_PORT"


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
        CODE_SOCKET_ENV,
        "not set: the daemon starts a code server of its own",
        "The socket on which the code server serves daemon and web server",
    ),
    Variable(
        OVERLAY_ENV,
        "not set: `dagster.yaml` as it is",
        "A YAML file with blocks that are put in place of those of `dagster.yaml`, such as "
        "another run launcher",
    ),
    Variable(
        IMAGE_ENV,
        "must be set with `deploy/launchers/kubernetes.yaml`",
        "The image that run pods are made of",
    ),
    Variable(
        CELERY_BROKER_ENV,
        "must be set with `deploy/launchers/celery.yaml`",
        "The broker between daemon and Celery workers",
        is_secret=True,
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
    Variable(
        INSTALLATION_ENV,
        "the machine's name",
        "What alerts call this installation",
    ),
    Variable(
        DOCS_URL_ENV,
        "not set: paths in the checkout",
        "Where this project's files can be read with a browser, so that alerts and the Dagster UI "
        "link to runbooks and documents",
    ),
    Variable(
        MAIL_TO_ENV,
        "not set: no e-mails",
        "Who gets alerts by e-mail, with commas between",
    ),
    Variable(
        MAIL_FROM_ENV,
        "none; needed with the one above",
        "The sender's address of these e-mails",
    ),
    Variable(
        SMTP_HOST_ENV,
        "none; needed with the one above",
        "The mail server",
    ),
    Variable(
        SMTP_PORT_ENV,
        "587, 465 or 25, by the next",
        "Its port",
    ),
    Variable(
        SMTP_SECURITY_ENV,
        "`starttls`",
        "`starttls`, `tls`, or `none` for a mail server on this machine, without login",
    ),
    Variable(
        SMTP_USER_ENV,
        "not set: no login",
        "The login at the mail server",
    ),
    Variable(
        SMTP_PASSWORD_ENV,
        "not set: no login",
        "Its password",
        is_secret=True,
    ),
    Variable(
        WEBHOOK_URL_ENV,
        "not set: no webhook",
        "Where alerts are posted as JSON; https, or http on this machine",
        is_secret=True,
    ),
    Variable(
        WEBHOOK_TOKEN_ENV,
        "not set: no such header",
        "Sent to the webhook as `Authorization: Bearer`",
        is_secret=True,
    ),
    Variable(
        VIEWER_PORT_ENV,
        "`3001`",
        "The port on 127.0.0.1 of the read-only web server for viewers",
    ),
    Variable(
        LOG_ENV,
        "`text`",
        "`json`: a line of JSON per event on standard error, with run, step, asset and seconds",
    ),
    Variable(
        METRICS_FILE_ENV,
        "not set: no file",
        "Where each run, and the daemon every minute, writes the metrics for a collector of text "
        "files",
    ),
)
