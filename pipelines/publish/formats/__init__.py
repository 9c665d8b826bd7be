"""Published file formats for machines and print: one module per format.

Each takes a release (or an indicator's cube) and returns bytes; `all_files` gives them their names.
Workbooks and the CSV for Danish offices are made by `publish.workbook` and `publish.tidy_csv`. No
decision about what may be shown is made here.
"""

from __future__ import annotations
