"""The SQL that dbt makes of each model: macros and references filled in, kept beside the manifest.

It follows from the project's files alone and names tables by schema, so it has no place of a
machine in it and is the same wherever it is made. Compiled once for each state of the project.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path

from pipelines.durable import write_replacing
from pipelines.orchestration.dbt_manifest import (
    WAREHOUSE_ENV,
    DbtParseError,
    common_flags,
    environment,
    fingerprint,
    load_manifest,
)
from pipelines.orchestration.dbt_runner import let_go_of_duckdb

CATALOG = "monitor"
"""The name of the warehouse file, which dbt writes before every table."""


def compiled_sql(dbt_dir: Path) -> dict[str, str]:
    """Give the compiled SQL of every model, by name.

    Raises:
        DbtParseError: If the project does not parse or compile.
    """
    folder = dbt_dir.resolve()
    stamp = fingerprint(folder)
    kept = folder / "target" / "compiled_models.json"
    try:
        found = json.loads(kept.read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        found = {}
    if found.get("stamp") != stamp:
        found = {"stamp": stamp, "models": _compile(folder)}
        write_replacing(kept, json.dumps(found, ensure_ascii=False).encode())
    models: Mapping[str, str] = found["models"]
    return dict(models)


def _compile(folder: Path) -> dict[str, str]:
    """Compile against an empty file: no macro of the project looks into the database."""
    from dbt.cli.main import dbtRunner

    manifest = load_manifest(folder)
    command = ["compile", "--select", "resource_type:model", "--no-write-json"]
    with tempfile.TemporaryDirectory() as place:
        # to a target of its own: a run may be writing its own compiled files at the same time
        flags = [*common_flags(folder)[:-1], place]
        empty = {WAREHOUSE_ENV: str(Path(place) / f"{CATALOG}.duckdb")}
        try:
            with environment(empty):
                outcome = dbtRunner(manifest=manifest).invoke([*command, *flags])
        finally:
            let_go_of_duckdb()
    results = getattr(outcome.result, "results", None) or ()
    if not outcome.success or not results:
        raise DbtParseError(f"dbt cannot compile {folder.name}: {outcome.exception}")
    return {
        each.node.name: each.node.compiled_code.replace(f'"{CATALOG}".', "").strip()
        for each in results
    }
