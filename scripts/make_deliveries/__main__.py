"""`python -m scripts.make_deliveries [FOLDER]`: writes every shipped delivery, here by default."""

from __future__ import annotations

import sys
from pathlib import Path

from scripts.make_deliveries.collection import write_all

DELIVERIES = Path(__file__).resolve().parents[2] / "deliveries"


def main(arguments: list[str]) -> None:
    """Replace what a former run wrote; the handwritten README stays."""
    root = Path(arguments[0]) if arguments else DELIVERIES
    count = write_all(root)
    sys.stdout.write(f"{count} deliveries written to {root}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
