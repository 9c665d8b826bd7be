"""Where things are: the paths of one installation, read once from the environment.

Paths only. What the files hold is the business of the layer that writes them.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PROJECT_ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Settings:
    """The paths of one installation; pass it on, never reach for a global one."""

    root: Path
    data_dir: Path
    dagster_home: Path

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read `MONITOR_DATA_DIR` and `DAGSTER_HOME`; both have a default inside the checkout."""
        env = os.environ if environ is None else environ
        data_dir = Path(env.get("MONITOR_DATA_DIR") or PROJECT_ROOT / "warehouse")
        dagster_home = Path(env.get("DAGSTER_HOME") or PROJECT_ROOT / ".dagster_home")
        return cls(
            root=PROJECT_ROOT, data_dir=data_dir.resolve(), dagster_home=dagster_home.resolve()
        )

    @property
    def inbox_dir(self) -> Path:
        """`<source>/<period>/<item>` as senders put it there."""
        return self.data_dir / "inbox"

    @property
    def archive_dir(self) -> Path:
        """Every delivery ever received, by content hash; never written twice."""
        return self.data_dir / "archive"

    @property
    def ledger_path(self) -> Path:
        """What was received and decided, line by line; append-only."""
        return self.data_dir / "ledger.jsonl"

    @property
    def lock_path(self) -> Path:
        """The kernel lock of the one writer."""
        return self.data_dir / ".writer.lock"

    @property
    def quarantine_dir(self) -> Path:
        """Findings, one folder a delivery: what goes back to a sender."""
        return self.data_dir / "quarantine"

    @property
    def build_path(self) -> Path:
        """The copy dbt builds in; the same stem as the live file, for views store it."""
        return self.data_dir / "build" / "monitor.duckdb"

    @property
    def live_path(self) -> Path:
        """The warehouse analysts open; only ever replaced whole."""
        return self.data_dir / "monitor.duckdb"

    @property
    def publish_path(self) -> Path:
        """Released cells only: what the page, the tables and Evidence read."""
        return self.data_dir / "publish.duckdb"

    @property
    def published_dir(self) -> Path:
        """Tables and page as files."""
        return self.data_dir / "published"

    @property
    def data_docs_dir(self) -> Path:
        """Great Expectations' Data Docs."""
        return self.data_dir / "data_docs"

    @property
    def dbt_dir(self) -> Path:
        """The dbt project."""
        return self.root / "dbt_project"

    @property
    def deliveries_dir(self) -> Path:
        """The shipped example deliveries."""
        return self.root / "deliveries"
