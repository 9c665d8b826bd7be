"""The Evidence site: its pages and what they show beside the released cells, made from a release.

The queries, components and page templates are in `evidence/` at the project's root; nothing is
calculated here, and no text of the data is repeated there.
"""

from pipelines.evidence.build import build_site

__all__ = ["build_site"]
