"""Cells that are told at their bytes to need no cleaning do need none."""

from __future__ import annotations

import random

import duckdb
import pyarrow as pa

from pipelines.contracts.parsing import MACROS, PLAIN_BYTES


def test_a_text_of_plain_bytes_is_its_own_clean_form() -> None:
    dice = random.Random(3)
    signs = [chr(byte) for byte in sorted(PLAIN_BYTES)]
    texts = [*signs, *(a + b for a in signs for b in signs)]
    texts += ["".join(dice.choices(signs, k=dice.randint(3, 40))) for _ in range(2000)]
    with duckdb.connect() as con:
        for macro in MACROS:
            con.execute(macro)
        given = pa.table({"x": texts})
        changed = con.execute(
            f"select count(*) from given where clean(x) is distinct from x and {given.num_rows} > 0"
        ).fetchone()
    assert changed == (0,)
