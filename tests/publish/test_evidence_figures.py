"""What the figures of the Evidence pages draw: run by Node, without a browser."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from pipelines.settings import PROJECT_ROOT

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="needs Node")
COMPONENTS = PROJECT_ROOT / "evidence" / "components"
# what the figures ask of the chart library: 10 pixels a unit, rows 40 apart
API = """{
  coord: ([x, row]) => [x * 10, row * 40],
  value: (n) => API_VALUES[n],
  barLayout: ({ count }) => Array.from({ length: count }, (_, n) => ({ offsetCenter: n, width: 8 }))
}"""


def run(script: str, values: Any) -> Any:
    """Run a script that prints JSON; `cells` is what it draws."""
    source = f"const cells = {json.dumps(values)};\n{script}"
    done = subprocess.run(
        ["node", "--input-type=module", "-e", source],
        cwd=COMPONENTS,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def cell(**differs: Any) -> Mapping[str, Any]:
    usual = {
        "period": "2016",
        "period_label": "2016",
        "group_id": "all",
        "group_label": "Alle kommuner",
        "category": "yes",
        "category_label": "Ja",
        "measure": "share_pct",
        "measure_label": "Andel",
        "unit": "pct",
        "unit_label": "Procent",
        "value": 40.0,
        "base": 10,
        "lower_bound": 30.0,
        "upper_bound": 50.0,
        "interval_text": "95-procents-interval 30,0–50,0",
        "obs_status": "A",
        "display": "40,0",
        "is_hidden": False,
        "place": 1,
    }
    return usual | differs


HIDDEN = {
    "value": None,
    "lower_bound": None,
    "upper_bound": None,
    "display": "..",
    "is_hidden": True,
}


def bars(cells: Sequence[Mapping[str, Any]]) -> Any:
    return run(
        f"""
        import {{ barFigure }} from './bars.js';
        import {{ axisScale }} from './danish.js';
        const figure = barFigure({{
          cells,
          rows: cells.map((c) => ({{ key: c.category, label: c.category_label }})),
          series: [{{ key: '2016', label: '2016', colour: '#000' }}],
          rowOf: (c) => c.category,
          seriesOf: (c) => c.period,
          scale: axisScale(cells),
          width: 700
        }});
        const one = figure.series[0];
        console.log(JSON.stringify(cells.map((c, n) => ({{
          value: one.data[n].value[0],
          parts: one.renderItem({{ dataIndex: n }}, {API}).children
        }}))));
        """,
        cells,
    )


def test_a_hidden_figure_has_a_sign_and_no_bar() -> None:
    shown, hidden = bars([cell(), cell(category="no", category_label="Nej", **HIDDEN)])
    # 40 per cent at 10 pixels each, and the ends of the interval
    assert [p["shape"]["width"] for p in shown["parts"] if p["type"] == "rect"] == [400]
    assert [p["shape"]["x1"] for p in shown["parts"] if p["type"] == "line"] == [300, 300, 500]
    assert [p["type"] for p in hidden["parts"]] == ["text"]
    assert hidden["parts"][0]["style"]["text"] == ".."
    assert hidden["value"] is None  # NaN, which the library leaves out of the axis


def test_nil_is_a_sign_too_and_a_break_is_marked() -> None:
    nil = cell(value=0.0, display="-", lower_bound=None, upper_bound=None)
    broken = cell(category="no", obs_status="B")
    texts = [row["parts"][-1]["style"]["text"] for row in bars([nil, broken])]
    assert texts == ["-", "¦ 40,0"]


def test_a_hidden_figure_is_a_gap_in_a_line() -> None:
    found = run(
        """
        import { courseFigure, withoutPoint } from './course.js';
        const { series } = courseFigure(cells, 'group_id', 700);
        console.log(JSON.stringify({
          points: series[0].data.map((d) => d.value),
          joined: series[0].connectNulls,
          breaks: series[0].markLine.data,
          missing: withoutPoint(cells, 'group_id')
        }));
        """,
        [
            cell(period="2015", period_label="2015"),
            cell(**HIDDEN),
            cell(period="2017", period_label="2017", obs_status="B"),
        ],
    )
    assert found == {
        "points": [40.0, None, 40.0],
        "joined": False,
        "breaks": [{"xAxis": "2017"}],
        "missing": ["Alle kommuner 2016"],
    }


def test_a_hidden_part_of_a_whole_is_left_out_and_its_column_says_so() -> None:
    found = run(
        """
        import { compositionFigure, hiddenParts } from './composition.js';
        const { series, xAxis } = compositionFigure(cells, 700);
        console.log(JSON.stringify({
          parts: series.slice(0, -1).map((s) => s.data.map((d) => d.value)),
          signs: series.at(-1).data,
          labels: xAxis.data,
          missing: hiddenParts(cells)
        }));
        """,
        [
            cell(category="a", category_label="A", value=70.0),
            cell(category="b", category_label="B", place=2, **HIDDEN),
            cell(
                category="a", category_label="A", period="2017", period_label="2017", obs_status="P"
            ),
        ],
    )
    # the sign stands over what is shown of 2016: 70
    assert found == {
        "parts": [[70.0, 40.0], [None, None]],
        "signs": [[0, 70.0]],
        "labels": ["2016", "2017*"],
        "missing": ["B 2016"],
    }


def test_a_change_is_drawn_only_where_both_waves_are_shown() -> None:
    def answer(code: str, before: Any, after: Any) -> list[Mapping[str, Any]]:
        common = {"period": "2015/2016", "category": f"q__{code}", "category_label": f"Q: {code}"}
        return [
            cell(**common, measure="share_before_pct", value=before),
            cell(**common, measure="share_after_pct", value=after),
        ]

    found = run(
        """
        import { drawnAnswers, hiddenCount } from './dumbbells.js';
        console.log(JSON.stringify([drawnAnswers(cells).map((a) => a.label), hiddenCount(cells)]));
        """,
        [*answer("ja", 40, 50), *answer("nej", None, None), *answer("ved ikke", 0, 0)],
    )
    assert found == [["ja"], 1]


def test_a_table_has_the_latest_periods_order_and_its_base_once() -> None:
    found = run(
        """
        import { pivot } from './arrange.js';
        import { baseText, printed } from './danish.js';
        const table = pivot(cells);
        console.log(JSON.stringify({
          columns: table.columns,
          rows: table.groups[0].rows.map((r) => [r.label, ...r.cells.map(printed)]),
          bases: table.groups[0].bases.map(baseText)
        }));
        """,
        [
            cell(category="no", category_label="Nej", place=1, **HIDDEN),
            cell(place=2),
            cell(period="2017", period_label="2017", place=1, base=1234),
            cell(
                period="2017",
                period_label="2017",
                category="no",
                category_label="Nej",
                place=2,
                base=1234,
            ),
        ],
    )
    assert found["columns"] == ["2016", "2017"]
    assert found["rows"] == [["Ja", "40,0", "40,0"], ["Nej", "..", "40,0"]]
    assert found["bases"] == ["10", "1.234"]


def test_marks_of_an_axis_are_danish_and_in_a_unit_one_can_read() -> None:
    found = run(
        """
        import { axisScale } from './danish.js';
        const { unit, mark } = axisScale(cells);
        console.log(JSON.stringify([unit, mark(1500000), mark(1234567890)]));
        """,
        [cell(unit="kr", unit_label="Kroner", value=2.5e9)],
    )
    assert found == ["Mio. kroner", "1,5", "1.234,6"]
