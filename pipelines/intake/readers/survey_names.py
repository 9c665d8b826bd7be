"""The two names of a SurveyXact variable: in full, and cut to eight characters.

Which of them an export has, its user chose; a code book has those of the wave's first export. The
structure names both, an SPSS file only one, so what is left over is joined here by the rule the
system cuts names by.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from pipelines.intake.readers.tables import normalise_heading

SHORT_NAME_LENGTH = 8
_STATUS = re.compile(r"stat(overall|creation|distribution)_([0-9]{1,2})")
_STATUS_LETTER = {"overall": "o", "creation": "c", "distribution": "d"}


def short_name(name: str) -> str:
    """A variable's name in eight characters, as the system cuts it; a short one is its own."""
    folded = normalise_heading(name)
    status = _STATUS.fullmatch(folded)
    if status:
        return f"stat{_STATUS_LETTER[status[1]]}_{status[2]}"
    return folded[:SHORT_NAME_LENGTH]


def with_known_names(
    long_names: Mapping[str, str], headings: Iterable[str], known: Iterable[str]
) -> dict[str, str]:
    """Join the variables of a dataset to the names they are known by, where they have another.

    Args:
        long_names: The joins that the export itself gives: heading to long name.
        headings: The dataset's variables.
        known: The names that somebody looks for.

    Returns:
        `long_names`, with those headings that are one of `known` under its other name. Where a
        cut name could be two variables nothing is joined.
    """
    all_headings = [heading for heading in headings if normalise_heading(heading)]
    found = {normalise_heading(name) for name in (*all_headings, *long_names.values())}
    wanted = [name for name in dict.fromkeys(known) if normalise_heading(name) not in found]
    free = [
        heading
        for heading in all_headings
        if normalise_heading(long_names.get(heading, heading)) == normalise_heading(heading)
    ]
    of_headings = Counter(map(short_name, all_headings))
    of_wanted = Counter(map(short_name, wanted))
    joined = dict(long_names)
    for heading in free:
        for name in wanted:
            short = short_name(name)
            is_one_name_cut = short in (normalise_heading(heading), normalise_heading(name))
            if (
                short == short_name(heading)
                and is_one_name_cut
                and of_headings[short] == of_wanted[short] == 1
            ):
                joined[heading] = name
    return joined
