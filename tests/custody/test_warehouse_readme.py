"""The analysts' contract keeps its word: its queries on the warehouse's own tables run."""

from __future__ import annotations

import re
from pathlib import Path

from custody_support import installation

from pipelines.warehouse.store import begin_build, connect, ensure_raw_schema

README = Path(__file__).parents[2] / "warehouse" / "README.md"


def test_every_query_of_the_readme_runs(tmp_path: Path) -> None:
    blocks = re.findall(r"```sql\n(.*?)```", README.read_text("utf-8"), re.DOTALL)
    with connect(begin_build(installation(tmp_path))) as con:
        ensure_raw_schema(con, ())
        statements = [each for block in blocks for each in con.extract_statements(block)]
        for statement in statements:
            con.execute(statement)
    assert len(statements) >= 4
