"""A reader in a process of its own, as analysts are; no part of the product is imported.

`warehouse_reader.py reopen <monitor.duckdb> <stop file>` opens the file again and again until the
stop file is there; `keep` opens it once. Either prints the generations it saw as JSON, and ends
with an error at the first one that is not whole.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import duckdb

TABLES = ("left_half", "right_half")
WHOLE = "select count(*), min(generation), max(generation) from raw.{table}"


def generation(con: duckdb.DuckDBPyConnection) -> int:
    left, right = (con.execute(WHOLE.format(table=table)).fetchone() for table in TABLES)
    if left != right or left[1] != left[2]:
        raise SystemExit(f"not whole: {left}, {right}")
    return left[1]


def main(mode: str, path: Path, stop: Path) -> None:
    seen: list[int] = []
    opened = 0
    con = duckdb.connect(str(path), read_only=True)
    is_last = False
    while not is_last:
        is_last = stop.exists()
        if mode == "reopen":
            con.close()
            con = duckdb.connect(str(path), read_only=True)
            opened += 1
        now = generation(con)
        if now not in seen:
            seen.append(now)
    sys.stdout.write(json.dumps({"seen": seen, "opened": opened}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
