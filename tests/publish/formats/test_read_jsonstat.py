"""JSON-stat, checked by jsonstat-validator and read by pyjstat, against the cells."""

import json
import math

import pytest
from jsonstat_validator import validate_jsonstat
from pyjstat import pyjstat

from pipelines.publish.language import language as language_of

LANGUAGES = ("da", "en")
UNCERTAINTY = (
    *("population", "lowest_possible", "highest_possible"),
    *("lower_bound", "upper_bound", "weighted_value"),
)


def group_of(cell):
    return "all" if cell.breakdown == "all" else f"{cell.breakdown}.{cell.breakdown_value}"


@pytest.fixture(scope="module")
def datasets(folder):
    return {p.name: json.loads(p.read_text()) for p in sorted((folder / "jsonstat").iterdir())}


def of(datasets, indicator_id, language):
    (found,) = (
        d
        for n, d in datasets.items()
        if n.startswith(indicator_id) and n.endswith(f".{language}.json")
    )
    return found


def place(dataset, cell):
    """The position of a cell in `value`, worked out from the dataset's own index."""
    at = 0
    codes = (group_of(cell), cell.category, cell.measure, cell.period)
    for name, size, code in zip(dataset["id"], dataset["size"], codes, strict=True):
        at = at * size + dataset["dimension"][name]["category"]["index"].index(code)
    return at


def test_the_validator_accepts_each(datasets):
    assert len(datasets) > 10
    for dataset in datasets.values():
        assert validate_jsonstat(dataset) is True


@pytest.mark.parametrize("language", LANGUAGES)
def test_values_and_statuses_are_the_cells(varied, datasets, language):
    for indicator in varied.published_indicators():
        dataset = of(datasets, indicator.indicator_id, language)
        cells = varied.cells_of(indicator.indicator_id)
        seen = {place(dataset, c): c for c in cells}
        assert len(seen) == len(cells)
        for at, (value, status) in enumerate(zip(dataset["value"], dataset["status"], strict=True)):
            if at in seen:
                cell = seen[at]
                assert value == cell.value
                assert status == f"{cell.obs_status}.{cell.conf_status}"
                read = dataset["extension"]["cells"]
                for name in ("base", "numerator"):
                    assert read[name][at] == getattr(cell, name)
                for name in UNCERTAINTY:
                    assert (read[name][at] if name in read else None) == getattr(cell, name)
                assert dataset["extension"]["cells"]["note_ids"][at] == list(cell.notes)
                printed = language_of(language).printed(cell.display_da)
                assert dataset["extension"]["cells"][f"display_{language}"][at] == printed
            else:
                assert value is None
                assert status in {"not_applicable", "withheld"}
        assert set(dataset["status"]) == dataset["extension"]["status_labels"].keys()


def words_of(cell, language, breakdowns):
    """The labels a reader finds a cell under."""
    group = getattr(cell, f"breakdown_value_label_{language}")
    if len(breakdowns) > 1 and cell.breakdown != "all":
        group = f"{getattr(cell, f'breakdown_label_{language}')}: {group}"
    date = cell.period.split("-")
    return (
        group,
        getattr(cell, f"category_label_{language}"),
        getattr(cell, f"measure_label_{language}"),
        "-".join(reversed(date) if language == "da" else date),
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_pyjstat_finds_the_figures_under_their_words(varied, folder, language):
    for indicator in varied.published_indicators():
        (path,) = (folder / "jsonstat").glob(f"{indicator.indicator_id}*.{language}.json")
        read = pyjstat.Dataset.read(path.read_text()).write("dataframe")
        figures = {tuple(row[:-1]): row[-1] for row in read.itertuples(index=False)}
        assert len(figures) == len(read)  # no two rows have the same words
        cells = varied.cells_of(indicator.indicator_id)
        breakdowns = {c.breakdown for c in cells}
        for cell in cells:
            found = figures.pop(words_of(cell, language, breakdowns))
            assert found == cell.value or (cell.value is None and math.isnan(found))
        assert all(math.isnan(value) for value in figures.values())


def test_combinations_nobody_asked_for_cannot_occur_and_withheld_ones_say_so(varied, datasets):
    dataset = of(datasets, "I06", "da")
    # the table by size of 2015 is withheld; the four forms were asked
    statuses = {
        (group, period): dataset["status"][i]
        for i, (group, period) in enumerate(
            (g, p)
            for g in dataset["dimension"]["group"]["category"]["index"]
            for _ in dataset["dimension"]["category"]["category"]["index"]
            for _ in dataset["dimension"]["measure"]["category"]["index"]
            for p in dataset["dimension"]["period"]["category"]["index"]
        )
    }
    withheld = {w.period for w in varied.withheld if w.indicator_id == "I06"}
    assert withheld
    for period in withheld:
        assert statuses["size.large", period] == "withheld"
    assert of(datasets, "I14", "da")["status"].count("withheld") == 0
    assert "not_applicable" in of(datasets, "I05", "da")["status"]  # no band has hours


def test_roles_units_and_words(datasets):
    danish, english = of(datasets, "I05", "da"), of(datasets, "I05", "en")
    assert danish["label"] == "I05 Tid til koordinering (SYNTETISKE DATA)"
    assert english["label"] == "I05 Coordinator time (SYNTHETIC DATA)"
    assert danish["role"] == {"time": ["period"], "metric": ["measure"]}
    assert danish["dimension"]["measure"]["category"]["unit"]["share_pct"] == {
        "label": "Procent",
        "decimals": 1,
    }
    assert english["extension"]["other_language"] == "I05_syntetisk.da.json"
    assert english["extension"]["notes"]["skip_logic"].startswith("The question was asked only")
    register = of(datasets, "I14", "da")
    assert register["role"]["geo"] == ["group"]
    assert "SYNT" not in register["label"]
    assert register["extension"]["is_synthetic"] is False


def test_notes_stand_where_they_are_true(datasets):
    dataset = of(datasets, "I05", "da")
    # asked only of those with a coordinator: every cell has it
    assert any("kun stillet til kommuner" in note for note in dataset["note"])
    size = of(datasets, "I03", "da")["dimension"]["group"]["category"]["note"]
    assert size.keys() == {"size.large", "size.small"}
    # hours are asked from 2017 only; a band is no total of anything
    totals = dataset["dimension"]["category"]["category"]["note"]["all"]
    assert any("Databrud 2017" in note for note in totals)
