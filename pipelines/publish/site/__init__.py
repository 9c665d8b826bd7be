"""The static site: one start page and one page per indicator, in Danish and English.

Every page is a finished file: no script is needed to read it, nothing is asked of another host.
`site_files` makes all of them from a release; what each page says is arranged in the modules, the
markup is in `templates/`.
"""

from pipelines.publish.site.build import site_files
from pipelines.publish.site.content import (
    Calculation,
    CalendarEntry,
    Change,
    Changes,
    Revision,
    SiteFigure,
    Surroundings,
    Trail,
)

__all__ = [
    "Calculation",
    "CalendarEntry",
    "Change",
    "Changes",
    "Revision",
    "SiteFigure",
    "Surroundings",
    "Trail",
    "site_files",
]
