// What a whole is made of, over periods: a column a period, a part a colour. A hidden part is left out
// and its column says so.
import { labelOf, ordered, periodsOf } from './arrange.js';
import { axisScale } from './danish.js';
import { COLOURS, INK, LETTERS, QUIET, base, labelAxis, legend, legendRoom, told, valueAxis } from './drawing.js';

const PROVISIONAL = 'P';
const MANY = 10;
const partOf = (c) => c.category;

/**
 * @param cells the cells to draw, without totals
 * @param width of the figure, in pixels
 */
export function compositionFigure(cells, width) {
  const periods = periodsOf(cells);
  const of = (period) => cells.filter((c) => c.period === period);
  const labels = periods.map((p) => of(p)[0].period_label + (of(p).some(isProvisional) ? '*' : ''));
  const parts = ordered(cells, partOf);
  const names = parts.map((p) => labelOf(cells, partOf, p, 'category_label'));
  const isNarrow = width < 520;
  return base({
    legend: legend(names),
    grid: { left: 4, right: 12, top: legendRoom(names, width), bottom: 12, containLabel: true },
    xAxis: labelAxis(labels, {
      axisLabel: { color: QUIET, fontSize: 11, rotate: isNarrow || labels.length > MANY ? 45 : 0 }
    }),
    yAxis: valueAxis(axisScale(cells), cells[0].unit === 'pct' ? { max: 100 } : {}),
    series: [
      ...parts.map((part, n) => ({
        name: names[n],
        type: 'bar',
        stack: 'whole',
        color: COLOURS[n % COLOURS.length],
        barCategoryGap: '25%',
        data: periods.map((period) => column(of(period).find((c) => partOf(c) === part)))
      })),
      signs(periods, of)
    ]
  });
}

/** Names of the parts that are hidden. */
export function hiddenParts(cells) {
  return cells.filter((c) => c.is_hidden).map((c) => `${c.category_label} ${c.period_label}`);
}

export function isProvisional(cell) {
  return cell.obs_status === PROVISIONAL;
}

function column(cell) {
  return {
    value: cell?.value ?? null,
    itemStyle: { borderColor: '#fff', borderWidth: 0.5, opacity: cell && isProvisional(cell) ? 0.6 : 1 },
    tooltip: { formatter: () => (cell ? told(cell, [cell.category_label, cell.period_label]) : '') }
  };
}

/** A sign over each column of which a part is hidden. */
function signs(periods, of) {
  const sum = (cells) => cells.reduce((all, c) => all + (c.value ?? 0), 0);
  return {
    type: 'scatter',
    symbolSize: 0.01,
    silent: true,
    label: { show: true, formatter: '..', position: 'top', ...LETTERS, color: INK },
    data: periods
      .map((period, n) => [n, of(period)])
      .filter(([, cells]) => cells.some((c) => c.is_hidden))
      .map(([n, cells]) => [n, sum(cells)])
  };
}
