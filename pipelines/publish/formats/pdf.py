"""The annual tables as one PDF: tagged, PDF/UA-1, in Danish, the same bytes for the same release.

The words and numbers go to typst as data, so no text of a release can be markup. Only the fonts
inside typst are used: a machine's own would make other bytes.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import typst

from pipelines.publish.formats.facts import data_date
from pipelines.publish.formats.pdf_content import PdfFigure, annual_content
from pipelines.publish.formats.pdf_table_tags import with_table_tags
from pipelines.publish.formats.pdf_text import printable
from pipelines.publish.language import DANISH, language
from pipelines.publish.model import Release

TEMPLATE = Path(__file__).with_name("annual_tables.typ")
STANDARD: Final = "ua-1"


def annual_pdf(release: Release, figures: Sequence[PdfFigure], code: str = DANISH) -> bytes:
    """Print the release.

    Args:
        release: What is published.
        figures: Drawn figures, each printed in its indicator's section.
        code: Of which language, da or en.

    Returns:
        The file's bytes; the same release gives the same bytes.
    """
    content = printable(annual_content(release, figures, language(code)))
    printed = typst.compile(
        TEMPLATE.read_bytes(),
        format="pdf",
        pdf_standards=[STANDARD],
        ignore_system_fonts=True,
        timestamp=data_date(release),
        sys_inputs={"data": json.dumps(content, ensure_ascii=False)},
    )
    return with_table_tags(printed)
