"""Every possible truth behind small random tables is tried: no hidden number has only one value.

The attacker here shares no code with the protection: it lists all tables of counts, keeps those
that agree with what was published and with the suppression rule, and looks at what is left.
"""

from itertools import product

from disclosure_cells import by_size
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.statistics.disclosure import protect

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


def worlds(groups):
    for large, small in product(groups, repeat=2):
        total = tuple(map(sum, zip(large[1], small[1], strict=True)))
        yield {"large": large, "small": small, "all": (large[0] + small[0], total)}


def agrees(world, released, known_bases, categories, sensitive):
    """Whether a world could have led to what was published."""
    for group in GROUPS:
        base, counts = world[group]
        if group in known_bases and base != known_bases[group]:
            return False
        for position, (category, count) in enumerate(zip(categories, counts, strict=True)):
            cell = released.get((group, category))
            if cell is None:
                continue
            is_primary = must_hide(position, base, counts, sensitive=sensitive)
            if is_primary != (cell["conf_status"] == "C"):
                return False
            if cell["conf_status"] == "D":
                if not THRESHOLD <= count <= base - THRESHOLD or base != cell["base"]:
                    return False
            elif not is_primary and (count != cell["numerator"] or base != cell["base"]):
                return False
    return True


def bases_known(truth, withheld):
    """Bases a reader has: all but small ones, and those withheld beside a small one."""
    bases = {group: base for group, (base, _) in truth.items()}
    small = {group for group, base in bases.items() if 0 < base < THRESHOLD}
    if "size" in withheld and small & {"large", "small"}:
        small |= {"large", "small"}
    return {group: base for group, base in bases.items() if group not in small}


def check(large, small, categories, groups, *, sensitive=False, bases=None):
    counts = [dict(zip(categories, c, strict=True)) for c in (large, small)]
    result = protect(by_size(*counts, bases=bases, is_sensitive=sensitive), THRESHOLD)
    released = {(r["breakdown_value"], r["category"]): r for r in result.cells.to_dict("records")}
    n_large, n_small = bases or (sum(large), sum(small))
    truth = {
        "large": (n_large, large),
        "small": (n_small, small),
        "all": (n_large + n_small, tuple(map(sum, zip(large, small, strict=True)))),
    }
    known_bases = bases_known(truth, set(result.withheld["breakdown"]))
    left = [w for w in worlds(groups) if agrees(w, released, known_bases, categories, sensitive)]
    assert truth in left
    if not released:
        return
    for group in GROUPS:
        base, true_counts = truth[group]
        if 0 < base < THRESHOLD:
            assert len({w[group][0] for w in left}) > 1, (group, "base")
        for position in range(len(categories)):
            if must_hide(position, base, true_counts, sensitive=sensitive):
                assert (group, categories[position]) not in released or released[
                    group, categories[position]
                ]["conf_status"] == "C"
                total_base, total = truth["all"]
                if total[position] in (0, total_base) and not must_hide(
                    position, total_base, total, sensitive=sensitive
                ):
                    continue  # nobody or everybody of all: true of each group, and published
                values = {w[group][1][position] for w in left}
                assert len(values) > 1, (group, categories[position], result.cells)


@settings(max_examples=60, deadline=None)
@given(
    large=st.tuples(*[st.integers(0, 4)] * 2),
    small=st.tuples(*[st.integers(0, 4)] * 2),
    sensitive=st.booleans(),
)
def test_two_exclusive_categories(large, small, sensitive):
    groups = list(exclusive_groups(CATEGORIES[2], 10))
    check(large, small, CATEGORIES[2], groups, sensitive=sensitive)


@settings(max_examples=40, deadline=None)
@given(
    large=st.tuples(*[st.integers(0, 3)] * 3),
    small=st.tuples(*[st.integers(0, 3)] * 3),
    sensitive=st.booleans(),
)
def test_three_exclusive_categories(large, small, sensitive):
    groups = list(exclusive_groups(CATEGORIES[3], 9))
    check(large, small, CATEGORIES[3], groups, sensitive=sensitive)


@settings(max_examples=40, deadline=None)
@given(data=st.data(), bases=st.tuples(*[st.integers(1, 5)] * 2), sensitive=st.booleans())
def test_several_answers_allowed(data, bases, sensitive):
    large, small = (
        data.draw(st.tuples(*[st.integers(0, base)] * 2), label="counts") for base in bases
    )
    groups = list(multiple_groups(CATEGORIES[2], 6))
    check(large, small, CATEGORIES[2], groups, sensitive=sensitive, bases=bases)
