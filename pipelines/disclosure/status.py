"""The confidentiality status of a released cell (SDMX code list CL_CONF_STATUS).

A suppressed cell does not say whether it is hidden for its own sake or to protect another: two
marks (SDMX has C and D) would tell of both.
"""

from __future__ import annotations

FREE, SUPPRESSED = "F", "C"
STATUSES = (FREE, SUPPRESSED)
