"""The models' page asks nobody for anything, whatever dbt's own page would load."""

from __future__ import annotations

import re
from pathlib import Path

import dbt.task.docs
import pytest

from pipelines.documents.dbt_docs import DbtDocsError, closed_off

LOADS = re.compile(r"""(?:src|href)\s*=\s*["'](?!data:|#)(?:https?:)?//[^"']+""")


@pytest.fixture(scope="module")
def theirs() -> str:
    """The page of the dbt that is installed, before it is filled in."""
    return (Path(next(iter(dbt.task.docs.__path__))) / "index.html").read_text(encoding="utf-8")


def test_the_policy_comes_before_anything_that_could_load(theirs: str) -> None:
    ours = closed_off(theirs)
    policy = ours.index("Content-Security-Policy")
    assert "default-src 'none'" in ours[policy : policy + 200]
    assert "connect-src" not in ours[policy : policy + 400]  # so default-src rules it
    assert policy < ours.index("<script") and policy < ours.index("<link")


def test_the_only_loading_from_elsewhere_is_the_tracker_that_is_known(theirs: str) -> None:
    """A later dbt may load more, or otherwise: then somebody has to look at it again."""
    loaded = [match.split("//")[1] for match in LOADS.findall(closed_off(theirs))]
    assert [place for place in loaded if place != "[::1]"] == [  # parsing of addresses
        "d1fc8wv8zag5ca.cloudfront.net/2.9.0/sp.js"
    ]
    assert "./assets/" not in closed_off(theirs)


@pytest.mark.parametrize("page", ["<html><head></head></html>", '<meta charset="utf-8">' * 2])
def test_a_page_that_is_not_known_is_not_handed_out(page: str) -> None:
    with pytest.raises(DbtDocsError, match="see what it loads"):
        closed_off(page)
