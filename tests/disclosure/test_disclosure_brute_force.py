"""Every possible truth behind small random tables is tried: each hidden number stays in doubt.

The attacker here shares no code with the protection: it lists all tables of counts, keeps those
that agree with what was published, and looks at what is left.
"""

from functools import cache
from itertools import product

import pandas as pd
from disclosure_cells import by_size
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.disclosure.protect import protect
from pipelines.disclosure.release_audit import audit

THRESHOLD = 3
GROUPS = ("all", "large", "small")
CATEGORIES = {2: ("a", "b"), 3: ("a", "b", "c")}


def must_hide(position, base, counts, *, sensitive):
    """The primary rule, written once more."""
    count = counts[position]
    if 0 < base < THRESHOLD or 0 < count < THRESHOLD or 0 < base - count < THRESHOLD:
        return True
    return sensitive and base > 0 and base in counts and count in (0, base)


def exclusive_groups(categories, most):
    """All (base, counts) of a group whose categories add up to the base."""
    for counts in product(range(most + 1), repeat=len(categories)):
        if sum(counts) <= most:
            yield sum(counts), counts


def multiple_groups(categories, most):
    """All (base, counts) of a group in which several answers are allowed."""
    for base in range(most + 1):
        for counts in product(range(base + 1), repeat=len(categories)):
            yield base, counts


@cache
def worlds(groups_of, categories, most):
    """All worlds of two groups: the same for every example of a test."""
    made = []
    for large, small in product(groups_of(categories, most), repeat=2):
        total = tuple(map(sum, zip(large[1], small[1], strict=True)))
        made.append({"large": large, "small": small, "all": (large[0] + small[0], total)})
    return made


def told(released, categories):
    """What is shown: (group, position, count) and (group, None, base)."""
    shown = set()
    for group, (position, category) in product(GROUPS, enumerate(categories)):
        cell = released.get((group, category))
        if cell is not None and pd.notna(cell["numerator"]):
            shown.add((group, position, cell["numerator"]))
        if cell is not None and pd.notna(cell["base"]):
            shown.add((group, None, cell["base"]))
    return shown


def agrees(world, shown):
    """Whether a world could have led to what was published: what is shown is true of it."""
    for group, position, number in shown:
        base, counts = world[group]
        if number != (base if position is None else counts[position]):
            return False
    return True


def spread(worlds_left, group, position):
    """How far apart a count is in the worlds that are left."""
    values = [world[group][1][position] for world in worlds_left]
    return max(values) - min(values)


def check(large, small, categories, possible, *, sensitive=False, bases=None):
    counts = [dict(zip(categories, c, strict=True)) for c in (large, small)]
    candidates = by_size(*counts, bases=bases, is_sensitive=sensitive)
    result = protect(candidates)
    assert audit(candidates, result.cells) == []
    released = {(r["breakdown_value"], r["category"]): r for r in result.cells.to_dict("records")}
    totals = {place: cell for place, cell in released.items() if place[0] == "all"}
    n_large, n_small = bases or (sum(large), sum(small))
    truth = {
        "large": (n_large, large),
        "small": (n_small, small),
        "all": (n_large + n_small, tuple(map(sum, zip(large, small, strict=True)))),
    }
    shown, of_all = told(released, categories), told(totals, categories)
    left = [world for world in possible if agrees(world, shown)]
    with_totals = [world for world in possible if agrees(world, of_all)]
    assert truth in left
    for group, position in product(GROUPS, range(len(categories))):
        base, true_counts = truth[group]
        if not must_hide(position, base, true_counts, sensitive=sensitive):
            continue
        cell = released.get((group, categories[position]))
        assert cell is None or pd.isna(cell["numerator"])
        # no more doubt than the totals alone leave, nor than a small base allows
        most = spread(with_totals if group != "all" else possible, group, position)
        wanted = min(THRESHOLD - 1, most, base if 0 < base < THRESHOLD else THRESHOLD)
        assert spread(left, group, position) >= wanted, (group, categories[position])
        check_insiders(truth, left, with_totals if group != "all" else possible, group, position)


def check_insiders(truth, left, allowed, group, position):
    """One of those counted in the group knows its own answer, and must not learn another's."""
    base, counts = truth[group]
    if base <= 1:
        return
    for own, count in enumerate(counts):
        if count:
            known = [world for world in left if world[group][1][own] >= 1]
            at_most = [world for world in allowed if world[group][1][own] >= 1]
            wanted = min(1, spread(at_most, group, position))
            assert spread(known, group, position) >= wanted, (group, position, own)


@settings(max_examples=60, deadline=None)
@given(
    large=st.tuples(*[st.integers(0, 4)] * 2),
    small=st.tuples(*[st.integers(0, 4)] * 2),
    sensitive=st.booleans(),
)
def test_two_exclusive_categories(large, small, sensitive):
    possible = worlds(exclusive_groups, CATEGORIES[2], 10)
    check(large, small, CATEGORIES[2], possible, sensitive=sensitive)


@settings(max_examples=40, deadline=None)
@given(
    large=st.tuples(*[st.integers(0, 3)] * 3),
    small=st.tuples(*[st.integers(0, 3)] * 3),
    sensitive=st.booleans(),
)
def test_three_exclusive_categories(large, small, sensitive):
    possible = worlds(exclusive_groups, CATEGORIES[3], 9)
    check(large, small, CATEGORIES[3], possible, sensitive=sensitive)


@settings(max_examples=40, deadline=None)
@given(data=st.data(), bases=st.tuples(*[st.integers(1, 5)] * 2), sensitive=st.booleans())
def test_several_answers_allowed(data, bases, sensitive):
    large, small = (
        data.draw(st.tuples(*[st.integers(0, base)] * 2), label="counts") for base in bases
    )
    possible = worlds(multiple_groups, CATEGORIES[2], 6)
    check(large, small, CATEGORIES[2], possible, sensitive=sensitive, bases=bases)
