"""A child that should stream a table and does something else, by the name of the file."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Sequence

import pyarrow as pa

from pipelines.intake.readers.safe_parse_child import limit

HEAD = {"header": ["Sagsnr"], "header_row": 1, "titles": [], "encoding": "utf-8", "delimiter": ";"}
TEXT = pa.dictionary(pa.int32(), pa.string())


def batch(cells: pa.Array) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays([pa.array([2]), cells], ["row_number", "case_number"])


def main(arguments: Sequence[str]) -> None:
    """Begin as the real child does, then go wrong."""
    task, wall_seconds, memory_bytes, answer_bytes = arguments
    what = json.loads(task)["name"]
    limit(float(wall_seconds), int(memory_bytes), int(answer_bytes))
    if what == "hangs at once":
        time.sleep(60)
    if what == "answers nonsense":
        os.write(1, b"no stream of Arrow's\n" * 100)
        os._exit(0)
    schema = pa.schema(
        [("row_number", pa.int64()), ("case_number", TEXT)],
        metadata={b"note": json.dumps(HEAD).encode()},
    )
    with pa.ipc.new_stream(sys.stdout.buffer, schema) as writer:
        if what == "points beyond its cells":
            cells = pa.DictionaryArray.from_arrays(
                pa.array([7], pa.int32()), pa.array(["1"]), safe=False
            )
        else:
            cells = pa.array(["2011-0001"]).dictionary_encode()
        note = {"findings": [[2, "Sagsnr", "X99_made_up", "error", "da", "en"]]}
        is_made_up = what == "makes up a rule"
        writer.write_batch(
            batch(cells), {b"note": json.dumps(note).encode()} if is_made_up else None
        )
        sys.stdout.buffer.flush()
        if what == "hangs half way":
            time.sleep(60)
        if what == "is killed":
            os.kill(os.getpid(), signal.SIGKILL)
        if what == "is told to stop":
            os.kill(os.getpid(), signal.SIGTERM)
        if what == "crashes":
            os.abort()
