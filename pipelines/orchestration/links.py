"""Where an asset is explained: links to documents, and to the code that makes it.

An address where the environment says that the project's files can be read with a browser, else the
path in the checkout.
"""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import dagster as dg

from pipelines.environment import DOCS_URL_ENV
from pipelines.settings import PROJECT_ROOT

DICTIONARY = {"dictionary": "docs/data_dictionary.md", "ordbog": "docs/dataordbog.md"}
DOCUMENTS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "raw": {**DICTIONARY, "how to deliver": "docs/delivery_guide.md"},
        "reference": DICTIONARY,
        "staging": {"models": "dbt_project/README.md"},
        "intermediate": {"models": "dbt_project/README.md"},
        "marts": {"how to read it": "warehouse/README.md", "queries": "docs/queries/README.md"},
        "published": {**DICTIONARY, "method": "docs/methods.md", "hidden": "docs/disclosure.md"},
        "docs": DICTIONARY,
        "warehouse": {"how to read it": "warehouse/README.md"},
        "publish": {"files": "docs/published_files.md", "hidden": "docs/disclosure.md"},
        "release": {"releases": "warehouse/README.md", "files": "docs/published_files.md"},
    }
)
"""Layer to the documents about it, by what they are called."""
_INDICATOR = re.compile(r"pub_i(\d\d)_")


def document_links(layer: str, name: str = "") -> dict[str, Any]:
    """The documents about an asset, as metadata."""
    links = {f"docs/{title}": _link(path) for title, path in DOCUMENTS.get(layer, {}).items()}
    if found := _INDICATOR.match(name):
        page = f"published/site/da/I{found[1]}.html"
        links["docs/page"] = dg.MetadataValue.path(page)
    return links


def source_code(path: str) -> dict[str, Any]:
    """The file that makes an asset, as metadata; its path is from the project's root."""
    with warnings.catch_warnings():
        # code references are "beta" in Dagster 1.13; we know, and users need not hear of it
        warnings.simplefilter("ignore", dg.BetaWarning)
        where = dg.LocalFileCodeReference(
            file_path=str(PROJECT_ROOT / path), line_number=1, label=path
        )
        return {"dagster/code_references": dg.CodeReferencesMetadataValue(code_references=[where])}


def _link(path: str) -> dg.MetadataValue[Any]:
    base = (os.environ.get(DOCS_URL_ENV) or "").rstrip("/")
    return dg.MetadataValue.url(f"{base}/{path}") if base else dg.MetadataValue.path(path)
