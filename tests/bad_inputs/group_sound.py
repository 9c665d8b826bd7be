"""The sound tables themselves: what the other groups spoil must pass the gate as it is."""

from __future__ import annotations

from bad_input_harness import Case
from bad_input_tables import csv_of, grants, meetings, survey_set

GROUP = "sound"
CASES = (
    Case("driftsstoette", lambda: csv_of(grants()), "accepted", accepted=6, quarantined=0),
    Case(
        "styringsdialog",
        lambda: csv_of(meetings()),
        "accepted",
        source="styringsdialog",
        period="2015",
        accepted=4,
    ),
    Case(
        "survey_2015",
        lambda: survey_set(),
        "accepted",
        source="survey",
        period="2015",
        file="undersøgelse",
        accepted=4,
    ),
    Case(
        "survey_2016",
        lambda: survey_set(wave="2016"),
        "accepted",
        source="survey",
        period="2016",
        file="undersøgelse",
        accepted=4,
    ),
)
