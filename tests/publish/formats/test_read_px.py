"""PX, read by pyaxis in both languages, against the cells."""

import itertools
import math

import pytest
from pyaxis import pyaxis

# the standard's sign for ours
DOTS = {".": '"."', "..": '".."', "…": '"..."'}


def group_of(cell):
    return "all" if cell.breakdown == "all" else f"{cell.breakdown}.{cell.breakdown_value}"


def read(path, language):
    """The file's keywords, and its figures as they are written."""
    parsed = pyaxis.parse(
        str(path), encoding="utf-8", lang=language, null_values="^$", sd_values="^$"
    )
    return parsed["METADATA"], parsed["DATA"]


def check_part(figure, cell, part):
    """A count or base stands beside its figure, or is no other number than the figure."""
    number = getattr(cell, part)
    if figure is None:
        assert number in (None, cell.value)
    elif number is None:
        assert figure == ('"."' if cell.conf_status == "F" else '".."')
    else:
        assert math.isclose(float(figure), number, rel_tol=0, abs_tol=5e-7)


@pytest.fixture(scope="module")
def px_files(folder):
    return {p.name[:3]: p for p in sorted((folder / "px").iterdir())}


@pytest.mark.parametrize("language", ["da", "en"])
def test_every_figure_and_sign_is_the_cells(varied, px_files, language):
    for indicator in varied.published_indicators():
        keywords, frame = read(px_files[indicator.indicator_id], language)
        names = [*keywords["STUB"], *keywords["HEADING"]]
        codes = [
            dict(zip(keywords[f"VALUES({n})"], keywords[f"CODES({n})"], strict=True)) for n in names
        ]
        figures = {
            tuple(words[row[i]] for i, words in enumerate(codes)): row[-1]
            for row in frame.itertuples(index=False)
        }
        assert len(figures) == len(frame)
        for cell in varied.cells_of(indicator.indicator_id):
            figure = figures.pop((group_of(cell), cell.category, cell.measure, cell.period))
            if cell.value is None:
                assert figure == DOTS[cell.symbol]
            else:
                # written with six decimals
                assert math.isclose(float(figure), cell.value, rel_tol=0, abs_tol=5e-7)
            for part in ("numerator", "base"):
                place = (group_of(cell), cell.category, f"{cell.measure}.{part}", cell.period)
                check_part(figures.pop(place, None), cell, part)
        assert set(figures.values()) <= {'"."', '".."'}  # what is left are holes


@pytest.mark.parametrize("language", ["da", "en"])
def test_words_units_and_decimals_are_the_cells(varied, px_files, language):
    for indicator in varied.published_indicators():
        keywords, _ = read(px_files[indicator.indicator_id], language)
        measure = keywords["CONTVARIABLE"][0]
        shown = int(keywords["SHOWDECIMALS"])
        for cell in varied.cells_of(indicator.indicator_id):
            label = getattr(cell, f"measure_label_{language}")
            at = keywords[f"CODES({measure})"].index(cell.measure)
            assert keywords[f"VALUES({measure})"][at] == label
            assert keywords[f"UNITS({label})"] == [getattr(cell, f"unit_label_{language}")]
            precision = int(keywords.get(f"PRECISION({measure},{label})", shown))
            assert precision == cell.decimals


def test_a_share_has_its_count_and_base_beside_it(px_files):
    keywords, frame = read(px_files["I05"], "da")
    figures = {tuple(row[:-1]): row[-1] for row in frame.itertuples(index=False)}
    large = "Kommunestørrelse: Store kommuner (over 4.000 beboere i områder med helhedsplan)"
    place = (large, "En fuldtidsstilling eller mere")
    # 7 of 16 large municipalities (L180)
    assert figures[*place, "Andel i procent: tæller", "2015"] == "7"
    assert figures[*place, "Andel i procent: grundlag (N)", "2015"] == "16"
    assert keywords["UNITS(Andel i procent: grundlag (N))"] == ["Antal"]
    # of the financing, kroner are counted
    keywords, _ = read(px_files["I07"], "en")
    assert keywords["UNITS(Share, per cent: base (N))"] == ["Kroner"]


def test_keywords_of_the_standard(px_files):
    keywords, _ = read(px_files["I05"], "da")
    mandatory = (
        "CHARSET CODEPAGE LANGUAGE LANGUAGES AXIS-VERSION CREATION-DATE DECIMALS SHOWDECIMALS"
    )
    mandatory += " MATRIX SUBJECT-CODE SUBJECT-AREA TITLE CONTENTS UNITS STUB HEADING SOURCE NOTE"
    assert set(mandatory.split()) <= keywords.keys()
    assert keywords["LANGUAGES"] == ["da", "en"]
    assert "(SYNTETISKE DATA)" in keywords["TITLE"][0]
    assert "(SYNTHETIC DATA)" in read(px_files["I05"], "en")[0]["TITLE"][0]
    assert "SYNT" not in px_files["I14"].read_text()
    assert keywords["TIMEVAL(Periode)"] == ["2015", "2016", "2017"]
    assert [keywords[f"DATASYMBOL{n}"] for n in (1, 2, 3)] == [["."], [".."], ["…"]]
    # extracts are of dates, which the standard's time scales do not have
    assert not any(k.startswith("TIMEVAL") for k in read(px_files["I07"], "da")[0])


def paragraphs(parts):
    return {text.strip() for text in "".join(parts).split("##")}


def stands_at(place, labels, dimensions):
    """Whether a note's place has the cell of these labels."""
    keyword, _, inside = place.partition("(")
    key = inside.removesuffix(")")
    if keyword == "VALUENOTE":
        return key in {f"{name},{label}" for name, label in zip(dimensions, labels, strict=True)}
    patterns = itertools.product(*(("*", label) for label in labels))
    return keyword == "CELLNOTE" and key in {",".join(p) for p in patterns}


def test_each_cell_has_its_notes_and_status_and_no_others(varied, px_files):
    texts = {n.note_id: n.text_da.replace('"', "”") for n in varied.notes}
    signs = {"B": "Databrud: tal før og efter kan ikke sammenlignes", "P": "Foreløbigt tal"}
    for indicator in varied.published_indicators():
        keywords, _ = read(px_files[indicator.indicator_id], "da")
        dimensions = [*keywords["STUB"], *keywords["HEADING"]]
        words = [
            dict(zip(keywords[f"CODES({d})"], keywords[f"VALUES({d})"], strict=True))
            for d in dimensions
        ]
        places = {
            k: paragraphs(v) for k, v in keywords.items() if k.startswith(("VALUEN", "CELLN"))
        }
        general = paragraphs(keywords["NOTE"]) & {*texts.values(), *signs.values()}
        for cell in varied.cells_of(indicator.indicator_id):
            codes = (group_of(cell), cell.category, cell.measure, cell.period)
            labels = [words[i][code] for i, code in enumerate(codes)]
            found = [t for p, t in places.items() if stands_at(p, labels, dimensions)]
            expected = {texts[n] for n in cell.notes} | {signs.get(cell.obs_status, "")} - {""}
            assert general.union(*found) == expected


def test_signs_are_explained_where_they_stand(px_files):
    assert ".. = For usikkert" in "".join(read(px_files["I06"], "da")[0]["NOTE"])
    assert ".. = For usikkert" not in "".join(read(px_files["I14"], "da")[0]["NOTE"])
    assert "... = Oplysning" not in "".join(read(px_files["I03"], "da")[0]["NOTE"])


def test_lines_have_the_length_the_standard_allows(px_files):
    for path in px_files.values():
        text = path.read_text(encoding="utf-8")
        assert max(map(len, text.split("\n"))) <= 256
        assert text.rstrip().endswith(";")
