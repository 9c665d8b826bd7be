// A course over periods: a line a series. A hidden figure is a gap in its line, never a zero.
import { labelOf, ordered, periodsOf } from './arrange.js';
import { axisScale, printed } from './danish.js';
import { COLOURS, LETTERS, QUIET, base, labelAxis, legend, legendRoom, told, upTo, valueAxis } from './drawing.js';

const NAME = { group_id: 'group_label', measure: 'measure_label' };
const SYMBOLS = ['circle', 'rect', 'triangle', 'diamond'];
const BREAK = 'B';

/**
 * @param cells the cells to draw
 * @param by what a line is: `group_id` or `measure`
 * @param width of the figure, in pixels
 */
export function courseFigure(cells, by, width) {
  const keyOf = (c) => c[by];
  const periods = periodsOf(cells);
  const labels = periods.map((p) => labelOf(cells, (c) => c.period, p, 'period_label'));
  const keys = ordered(cells, keyOf);
  const names = keys.map((key) => labelOf(cells, keyOf, key, NAME[by]));
  const broken = periods.filter((p) => cells.some((c) => c.period === p && c.obs_status === BREAK));
  const cellOf = (key, period) => cells.find((c) => keyOf(c) === key && c.period === period);
  return base({
    legend: legend(names),
    grid: { left: 4, right: 28, top: keys.length > 1 ? legendRoom(names, width) : 28, bottom: 12, containLabel: true },
    xAxis: labelAxis(labels, { axisLabel: { color: QUIET, hideOverlap: true } }),
    yAxis: valueAxis(axisScale(cells), upTo(cells)),
    series: keys.map((key, n) => ({
      name: names[n],
      type: 'line',
      color: COLOURS[n % COLOURS.length],
      symbol: SYMBOLS[n % SYMBOLS.length],
      symbolSize: 8,
      lineStyle: { width: 2 },
      connectNulls: false,
      label: { show: keys.length === 1, position: 'top', ...LETTERS, formatter: (p) => p.data.printed },
      data: periods.map((period) => point(cellOf(key, period), names[n])),
      markLine: n === 0 && broken.length ? breakLines(broken.map((p) => labels[periods.indexOf(p)])) : undefined
    }))
  });
}

/** Names of the figures that have no point. */
export function withoutPoint(cells, by) {
  return cells.filter((c) => c.value === null).map((c) => `${c[NAME[by]]} ${c.period_label}`);
}

function point(cell, name) {
  return {
    value: cell?.value ?? null,
    printed: cell ? printed(cell) : '',
    tooltip: { formatter: () => (cell ? told(cell, [name, cell.period_label]) : '') }
  };
}

function breakLines(labels) {
  return {
    symbol: 'none',
    silent: true,
    lineStyle: { color: QUIET, type: 'dashed' },
    label: { formatter: 'databrud', color: QUIET, position: 'insideEndTop' },
    data: labels.map((label) => ({ xAxis: label }))
  };
}
