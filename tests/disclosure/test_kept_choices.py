"""A choice of what to hold back is made once for a problem, and is never what makes it safe."""

import pandas as pd
import pytest
from disclosure_cells import by_size

from pipelines.disclosure import kept_choices, protect
from pipelines.disclosure.facts import Facts
from pipelines.disclosure.kept_choices import KeptChoices
from pipelines.disclosure.primary import find_primary
from pipelines.disclosure.release_audit import audit
from pipelines.disclosure.setting import Rules

LARGE, SMALL = {"yes": 10, "no": 2, "other": 5}, {"yes": 9, "no": 4, "other": 7}
CELLS = by_size(LARGE, SMALL)


@pytest.fixture
def searches(monkeypatch):
    """The clusters that were searched."""
    found, search = [], protect.least_loss

    def counted(cluster, *rest):
        found.append(cluster)
        return search(cluster, *rest)

    monkeypatch.setattr(protect, "least_loss", counted)
    return found


def same(left, right):
    pd.testing.assert_frame_equal(left.cells, right.cells)
    pd.testing.assert_frame_equal(left.withheld, right.withheld)
    return left.secondary == right.secondary


def test_a_cluster_is_searched_once_and_again_when_anything_of_it_is_other(tmp_path, searches):
    kept = KeptChoices(tmp_path)
    first = protect.protect(CELLS, kept=kept)
    assert first.secondary  # 2 of the large said no: something else has to be held back with them
    assert len(searches) == 1
    assert same(protect.protect(CELLS, kept=KeptChoices(tmp_path)), first)
    assert len(searches) == 1
    others = (
        (by_size(LARGE, SMALL | {"yes": 10}), Rules()),  # another number
        (CELLS, Rules(threshold=4)),  # more doubt
        (by_size(LARGE, SMALL, indicator_id="I15"), Rules()),  # another price
        (CELLS.iloc[::-1], Rules()),  # prices follow the order of categories
    )
    for count, (cells, rules) in enumerate(others, 2):
        assert same(protect.protect(cells, rules, kept=kept), protect.protect(cells, rules))
        assert len(searches) == 1 + 2 * (count - 1)


def test_a_kept_choice_that_is_damaged_or_of_other_code_is_made_again(
    tmp_path, searches, monkeypatch
):
    first = protect.protect(CELLS, kept=KeptChoices(tmp_path))
    (file,) = tmp_path.iterdir()
    whole = file.read_bytes()
    for damaged in (whole.replace(b"table", b"tible").replace(b"cell", b"cill"), whole[:-1], b""):
        assert damaged != whole
        file.write_bytes(damaged)
        assert same(protect.protect(CELLS, kept=KeptChoices(tmp_path)), first)
        assert file.read_bytes() == whole
    assert len(searches) == 4
    monkeypatch.setattr(kept_choices, "_CODE", "of other code")
    protect.protect(CELLS, kept=KeptChoices(tmp_path))
    assert len(searches) == 5


def test_the_audit_finds_a_choice_that_is_no_longer_enough(tmp_path):
    class Careless(KeptChoices):
        def made(self, problem, choose):
            return frozenset()

    released = protect.protect(CELLS, kept=Careless(tmp_path)).cells
    assert audit(CELLS, released)
    assert not audit(CELLS, protect.protect(CELLS, kept=KeptChoices(tmp_path)).cells)


def test_a_choice_that_somebody_else_removes_meanwhile_is_no_harm(tmp_path, monkeypatch):
    kept = KeptChoices(tmp_path)
    kept.made("a", frozenset)

    def gone(path):
        path.unlink()
        raise FileNotFoundError(path)

    monkeypatch.setattr(kept_choices, "_last_used", gone)
    kept.thin_out()
    assert not list(tmp_path.iterdir())


def test_choices_not_used_for_longest_go_first(tmp_path, monkeypatch):
    monkeypatch.setattr(kept_choices, "_MOST", 1)
    kept = KeptChoices(tmp_path)
    for number in range(3):
        kept.made(str(number), lambda: frozenset({("cell", ("a",))}))
        kept.thin_out()
    assert len(list(tmp_path.iterdir())) == 1


def test_numbers_to_protect_come_in_the_same_order_in_every_process():
    # a set of texts is walked through in another order in the next process
    facts = Facts()
    base = facts.add(("base", "I05", "2015", "", "size", "rest"), 2.0, is_whole=True)
    names = [("number", "I05", "2015", "", "size", "rest", each) for each in "dacb"]
    for name in names:
        facts.add(name, 1.0, is_whole=True)
    facts.rests[base] = set(names)
    targets = [target.fact for target in find_primary([], facts, 3).targets]
    assert targets == [base, *sorted(names)]


def test_a_choice_holds_back_nothing_of_other_clusters(tmp_path):
    other = by_size({"yes": 20, "no": 20}, {"yes": 20, "no": 20}, indicator_id="I03")
    cells = pd.concat([CELLS, other], ignore_index=True)
    total = "I03.2015.all.all.yes.share_pct"  # 40 of 80
    kept = KeptChoices(tmp_path)

    def withheld(earlier_total):
        protected = protect.protect(cells, earlier={total: [(earlier_total, 80.0)]}, kept=kept)
        return set(protected.withheld["indicator_id"])

    assert withheld(39.0) == {"I03"}  # by one municipality: it would tell of that one
    assert withheld(25.0) == set()  # by fifteen
