"""From the finished warehouse to what readers get: released cells, tables, figures, a page.

Nothing here computes an indicator (dbt does) or decides what is confidential (`statistics` does).
"""

from pipelines.publish.service import (
    PublishReport,
    publish,
    publish_files,
    release_cells,
    unpublished_path,
)

__all__ = ["PublishReport", "publish", "publish_files", "release_cells", "unpublished_path"]
