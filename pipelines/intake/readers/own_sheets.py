"""The sheets that our own error workbook adds: they come back with it and are nobody's data."""

from __future__ import annotations

from typing import Final

ERROR_LIST: Final = "Fejlliste"
GUIDE: Final = "Vejledning"
OWN_SHEETS: Final = frozenset({ERROR_LIST, GUIDE})
