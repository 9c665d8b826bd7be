"""The parsed dbt project, kept on disk and parsed again only when a file of the project changed.

This is the one place where dbt parses: `ensure_manifest`, called while the definitions are built
(`dbt_models`) and by the runner (`dbt_runner`). Parsing takes seconds, reading the stored result
a tenth of one. Two forms are stored under `target/`: `manifest.json`, which dagster-dbt reads,
and `manifest.msgpack`, the whole object that dbt itself takes back.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.durable import write_replacing
from pipelines.warehouse.lock import kernel_lock

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

PROJECT_SUFFIXES = frozenset({".sql", ".yml", ".yaml", ".csv", ".md", ".py"})
NOT_THE_PROJECT = frozenset({"target", "logs", "dbt_packages"})
WAREHOUSE_ENV = "MONITOR_DUCKDB"
PARSE_WAIT_SECONDS = 120.0

_loaded: dict[tuple[Path, str], Manifest] = {}


class DbtParseError(RuntimeError):
    """The dbt project does not parse; the message is dbt's."""


def manifest_path(dbt_dir: Path) -> Path:
    """Where the manifest that dagster-dbt reads is kept."""
    return dbt_dir / "target" / "manifest.json"


def fingerprint(dbt_dir: Path) -> str:
    """Hash everything the manifest depends on: the project's files and dbt's versions."""
    versions = [sys.version, *(importlib.metadata.version(p) for p in ("dbt-core", "dbt-duckdb"))]
    digest = hashlib.sha256("|".join(versions).encode())
    for path in _project_files(dbt_dir):
        digest.update(f"\0{path.relative_to(dbt_dir).as_posix()}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _project_files(dbt_dir: Path) -> Iterator[Path]:
    for folder, names, files in os.walk(dbt_dir):
        names[:] = sorted(n for n in names if n not in NOT_THE_PROJECT and not n.startswith("."))
        for name in sorted(files):
            if Path(name).suffix in PROJECT_SUFFIXES and not name.startswith("."):
                yield Path(folder) / name


def ensure_manifest(dbt_dir: Path) -> Path:
    """Give the path of a manifest that fits the project's files, parsing them if none does.

    A kernel lock is held around the parse, so that a web server, a daemon and a run that start
    together parse once.

    Raises:
        DbtParseError: If the project does not parse; a manifest of earlier files is not used.
    """
    _ensure(dbt_dir.resolve())
    return manifest_path(dbt_dir.resolve())


def load_manifest(dbt_dir: Path) -> Manifest:
    """Give the manifest as the object that dbt takes back, from memory if it was given before.

    Raises:
        DbtParseError: If the project does not parse.
    """
    folder = dbt_dir.resolve()
    stamp = _ensure(folder)
    if (folder, stamp) not in _loaded:
        from dbt.contracts.graph.manifest import Manifest

        _loaded[folder, stamp] = Manifest.from_msgpack(_whole_path(folder).read_bytes())
    return _loaded[folder, stamp]


def _ensure(dbt_dir: Path) -> str:
    wanted = fingerprint(dbt_dir)
    if _is_fresh(dbt_dir, wanted):
        return wanted
    target = dbt_dir / "target"
    target.mkdir(exist_ok=True)
    with kernel_lock(target / ".parse.lock", wait_seconds=PARSE_WAIT_SECONDS, purpose="dbt parse"):
        if not _is_fresh(dbt_dir, wanted):
            _loaded[dbt_dir, wanted] = _parse(dbt_dir, wanted)
    return wanted


def _is_fresh(dbt_dir: Path, wanted: str) -> bool:
    try:
        stamp = _stamp_path(dbt_dir).read_text(encoding="ascii")
    except FileNotFoundError:
        return False
    return stamp == wanted and manifest_path(dbt_dir).exists() and _whole_path(dbt_dir).exists()


def _parse(dbt_dir: Path, stamp: str) -> Manifest:
    from dbt.artifacts.resources.v1.config import TestConfig
    from dbt.cli.main import dbtRunner
    from dbt.contracts.graph.manifest import Manifest

    _stamp_path(dbt_dir).unlink(missing_ok=True)
    # Only the stem of the path gets into the manifest, as the catalog's name; nothing is opened.
    place = {WAREHOUSE_ENV: os.environ.get(WAREHOUSE_ENV) or "monitor.duckdb"}
    with environment(place):
        outcome = dbtRunner().invoke(["parse", *common_flags(dbt_dir)])
    if not outcome.success or not isinstance(outcome.result, Manifest):
        raise DbtParseError(f"dbt cannot parse {dbt_dir.name}: {outcome.exception}")
    for node in outcome.result.nodes.values():
        if isinstance(node.config, TestConfig):
            # Whether failing rows are kept is for the runner to say, by flag (`dbt_runner.build`).
            node.config.store_failures = node.config.store_failures_as = None
    write_replacing(_whole_path(dbt_dir), outcome.result.to_msgpack())
    write_replacing(_stamp_path(dbt_dir), stamp.encode("ascii"))
    return outcome.result


def common_flags(dbt_dir: Path) -> list[str]:
    """The flags every invocation shares: where the project is, and no noise on disk or terminal."""
    return [
        "--quiet",
        *("--log-level", "none"),
        "--no-use-colors",
        "--no-send-anonymous-usage-stats",
        *("--log-level-file", "none"),
        *("--project-dir", str(dbt_dir)),
        *("--profiles-dir", str(dbt_dir)),
        *("--target-path", str(dbt_dir / "target")),
    ]


@contextmanager
def environment(values: Mapping[str, str]) -> Iterator[None]:
    """Set environment variables for the block; dbt's profile reads them when it is invoked.

    dbt's own are not there meanwhile: what is kept of its answers holds for every environment, and
    with `DBT_EMPTY`, for one, it makes tables without rows.
    """
    own = {name for name in os.environ if name.startswith("DBT_")}
    before = {name: os.environ.get(name) for name in own | values.keys()}
    for name in own:
        del os.environ[name]
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _whole_path(dbt_dir: Path) -> Path:
    return dbt_dir / "target" / "manifest.msgpack"


def _stamp_path(dbt_dir: Path) -> Path:
    return dbt_dir / "target" / "manifest.stamp"
