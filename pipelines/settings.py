"""Where things are: the paths of one installation, read once from the environment.

Paths only. What the files hold is the business of the layer that writes them; a secret is never
part of the settings, only the place of the file that holds it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipelines.environment import (
    DAGSTER_HOME_ENV,
    DATA_DIR_ENV,
    DRAWINGS_ENV,
    KEY_FILE_ENV,
    OVERLAY_ENV,
)

PROJECT_ROOT = Path(__file__).resolve().parents[1]


def key_file_of(environ: Mapping[str, str]) -> Path:
    """Where the installation's key is kept: outside the checkout and the data folder."""
    if given := environ.get(KEY_FILE_ENV):
        return Path(given).absolute()
    home = environ.get("XDG_CONFIG_HOME") or f"{environ.get('HOME', '~')}/.config"
    return Path(home) / "boligsocial-monitor" / "key"


def _own_key_file() -> Path:
    return key_file_of(os.environ)


@dataclass(frozen=True)
class Settings:
    """The paths of one installation; pass it on, never reach for a global one."""

    root: Path
    data_dir: Path
    dagster_home: Path
    key_file: Path = field(default_factory=_own_key_file)
    """Read when the environment holds no key itself (`privacy.master_key`)."""
    shared_drawings_dir: Path | None = None
    """Where several installations keep their drawn figures together, as the tests' do."""
    instance_overlay: Path | None = None
    """Blocks that stand in place of those of `dagster.yaml`."""

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read the environment; `pipelines.environment` says what each variable means."""
        env = os.environ if environ is None else environ
        data_dir = Path(env.get(DATA_DIR_ENV) or PROJECT_ROOT / "warehouse")
        shared = env.get(DRAWINGS_ENV)
        overlay = env.get(OVERLAY_ENV)
        dagster_home = Path(env.get(DAGSTER_HOME_ENV) or PROJECT_ROOT / ".dagster_home")
        return cls(
            root=PROJECT_ROOT,
            data_dir=data_dir.resolve(),
            dagster_home=dagster_home.resolve(),
            key_file=key_file_of(env),
            shared_drawings_dir=Path(shared).resolve() if shared else None,
            instance_overlay=Path(overlay).resolve() if overlay else None,
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
    def keys_dir(self) -> Path:
        """The deliveries' own keys, each encrypted to the installation's key."""
        return self.data_dir / "keys"

    @property
    def work_dir(self) -> Path:
        """Decrypted files while they are read; empty otherwise."""
        return self.data_dir / ".work"

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
    def drawings_dir(self) -> Path:
        """Figures drawn before, by the hash of what decides them; can be deleted at any time."""
        return self.shared_drawings_dir or self.data_dir / "build" / "drawings"

    @property
    def choices_dir(self) -> Path:
        """What disclosure control chose before, by the hash of what decides it; not for readers."""
        shared = self.shared_drawings_dir
        return shared.with_name("choices") if shared else self.data_dir / "build" / "choices"

    @property
    def made_files_dir(self) -> Path:
        """Files published before, by the hash of what decides them; can be deleted at any time."""
        return self.data_dir / "build" / "files"

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
    def releases_dir(self) -> Path:
        """Releases, one folder a version, with the log of who signed and published them."""
        return self.data_dir / "releases"

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
