"""Who does something, for the ledger: a user name and no more of a person than that."""

from __future__ import annotations

import getpass
import os
import unicodedata

from pipelines.environment import USER_ENV

MAX_LENGTH = 60
UNKNOWN = "unknown"


def who(given: str | None = None) -> str:
    """The name to write down: what was said, else `MONITOR_USER`, else the system's user.

    A name is one line of at most 60 characters; a service gives itself one with `MONITOR_USER`.
    """
    for name in (given, os.environ.get(USER_ENV)):
        if name and (clean := _one_line(name)):
            return clean
    try:
        return _one_line(getpass.getuser()) or UNKNOWN
    except (OSError, KeyError):  # a container's user may have no name
        return UNKNOWN


def _one_line(text: str) -> str:
    seen = "".join(" " if unicodedata.category(char)[0] in "CZ" else char for char in text)
    return " ".join(seen.split())[:MAX_LENGTH]
