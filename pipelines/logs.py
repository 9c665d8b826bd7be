"""One line of JSON an event, for programs that collect logs (`MONITOR_LOG=json`); else nothing.

Within a run Dagster hands its events and our messages to `RunLines` (named in dagster.yaml), which
knows run, step and asset. Outside one, `write_json_lines` does so for our own messages. An error is
told by its class: its words may quote a cell, and are in Dagster's own log.
"""

from __future__ import annotations

import json
import logging
import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pipelines.environment import LOG_ENV

if TYPE_CHECKING:
    import dagster as dg

OURS = ("pipelines", "quality")
FIELDS = ("delivery", "source", "period", "state", "rows", "seconds", "asset")
"""What our own messages may say beside their text, by `extra`."""
EVENTS = frozenset(
    {
        *("RUN_START", "RUN_SUCCESS", "RUN_FAILURE", "RUN_CANCELED"),
        *("STEP_START", "STEP_SUCCESS", "STEP_FAILURE", "STEP_UP_FOR_RETRY"),
        *("ASSET_MATERIALIZATION", "ASSET_CHECK_EVALUATION"),
    }
)
"""Dagster's events that are told; the others say how Dagster does it."""


def is_json_wanted() -> bool:
    """Whether the environment asks for lines of JSON."""
    return os.environ.get(LOG_ENV) == "json"


def json_format() -> tuple[str, ...]:
    """What asks one of Dagster's own commands for lines of JSON, where the environment does."""
    return ("--log-format", "json") if is_json_wanted() else ()


class JsonLines(logging.StreamHandler[Any]):
    """Writes our own messages to standard error, a line each."""

    def format(self, record: logging.LogRecord) -> str:
        """Make the line."""
        return json.dumps(self.told(record), ensure_ascii=False)

    def told(self, record: logging.LogRecord) -> dict[str, Any]:
        """What the line says."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line.update({name: getattr(record, name) for name in FIELDS if hasattr(record, name)})
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
        return line


class _OutsideRuns(logging.Filter):
    """Leaves to `RunLines` what is said while Dagster listens."""

    def filter(self, record: logging.LogRecord) -> bool:
        logger = logging.getLogger(record.name.partition(".")[0])
        return not any(type(h).__name__ == "DagsterLogHandler" for h in logger.handlers)


class RunLines(JsonLines):
    """Writes what happens in a run; silent unless the environment asks for lines of JSON."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write the line, if it is one of those that are told."""
        event = _event_of(record)
        # Dagster's events come at any level
        is_told = event.event_type_value in EVENTS if event else record.levelno >= logging.INFO
        if is_told and is_json_wanted():
            super().emit(record)

    def told(self, record: logging.LogRecord) -> dict[str, Any]:
        """What the line says: of an event its facts alone."""
        line = super().told(record)
        about: dict[str, Any] = getattr(record, "dagster_meta", {})
        line |= {
            "run_id": about.get("run_id"),
            "job": about.get("job_name"),
            "step": about.get("step_key"),
        }
        event = _event_of(record)
        if event is None:
            line["message"] = about.get("orig_message", line["message"])
        else:
            line |= {"logger": "dagster", "message": event.event_type_value.lower()}
            line |= _facts_of(event)
        return {key: value for key, value in line.items() if value is not None}


def write_json_lines() -> None:
    """Write our messages outside runs as lines of JSON, if the environment asks for it."""
    if not is_json_wanted():
        return
    for name in OURS:
        logger = logging.getLogger(name)
        if not any(type(handler) is JsonLines for handler in logger.handlers):
            handler = JsonLines()
            handler.addFilter(_OutsideRuns())
            logger.addHandler(handler)
            logger.setLevel(logging.INFO)
            logger.propagate = False


def _event_of(record: logging.LogRecord) -> dg.DagsterEvent | None:
    about: dict[str, Any] = getattr(record, "dagster_meta", {})
    event: dg.DagsterEvent | None = about.get("dagster_event")
    return event


def _facts_of(event: dg.DagsterEvent) -> dict[str, Any]:
    match event.event_type_value:
        case "STEP_SUCCESS":
            return {"seconds": round(event.step_success_data.duration_ms / 1000, 3)}
        case "STEP_FAILURE":
            error = event.step_failure_data.error
            while error is not None and error.cause is not None:
                error = error.cause
            return {"error": error.cls_name if error else None}
        case "ASSET_MATERIALIZATION":
            made = event.materialization
            return {
                "asset": made.asset_key.to_user_string(),
                "period": made.partition,
                "rows": _number(made.metadata, "dagster/row_count"),
                "seconds": _number(made.metadata, "seconds"),
            }
        case "ASSET_CHECK_EVALUATION":
            check = event.asset_check_evaluation_data
            return {
                "asset": check.asset_key.to_user_string(),
                "check": check.check_name,
                "passed": check.passed,
                "severity": check.severity.value.lower(),
                "seconds": _number(check.metadata, "seconds"),
            }
    return {}


def _number(metadata: Any, name: str) -> float | None:
    value = getattr(metadata.get(name), "value", None)
    return value if isinstance(value, int | float) else None
