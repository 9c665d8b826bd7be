// Lying bars: a row a label, in it a bar a series; intervals as lines, the figure at the end. A hidden
// figure has no bar, only its sign.
import { printed } from './danish.js';
import { INK, QUIET, LETTERS, base, labelAxis, labelRoom, legend, legendRoom, told, upTo, valueAxis } from './drawing.js';

const BAR = 15;
const GAP = 14;

export function barHeight(rows, series) {
  return rows * (series * BAR + GAP) + 64;
}

/**
 * @param cells the cells to draw
 * @param rows `[{key, label}]`, from the top
 * @param series `[{key, label, colour}]`
 * @param rowOf, seriesOf the key of a cell
 * @param width of the figure, in pixels
 */
export function barFigure({ cells, rows, series, rowOf, seriesOf, scale, width }) {
  const isNarrow = width < 520;
  const letters = isNarrow ? 11 : 12;
  const room = labelRoom(rows.map((r) => r.label), isNarrow ? 118 : 230, letters);
  const byPlace = new Map(cells.map((c) => [`${rowOf(c)}\t${seriesOf(c)}`, c]));
  return base({
    legend: legend(series.map((s) => s.label)),
    grid: {
      left: room + 10,
      right: isNarrow ? 52 : 64,
      top: series.length > 1 ? legendRoom(series.map((s) => s.label), width) : 8,
      bottom: 24,
      containLabel: false // Evidence's theme has it on
    },
    xAxis: valueAxis(scale, upTo(cells)),
    yAxis: labelAxis(rows.map((r) => r.label), {
      inverse: true,
      axisLabel: { color: INK, fontSize: letters, width: room, overflow: 'break', interval: 0 }
    }),
    series: series.map((one, place) => ({
      name: one.label,
      type: 'custom',
      itemStyle: { color: one.colour },
      encode: { x: [0, 2], y: 1 },
      data: rows.map((row, n) => {
        const cell = byPlace.get(`${row.key}\t${one.key}`);
        return {
          value: [cell?.value ?? NaN, n, cell?.upper_bound ?? NaN],
          cell,
          tooltip: { formatter: () => (cell ? told(cell, [row.label, series.length > 1 ? one.label : '']) : '') }
        };
      }),
      renderItem: (params, api) => drawn(api, byPlace.get(`${rows[params.dataIndex].key}\t${one.key}`), {
        place,
        count: series.length,
        colour: one.colour,
        row: params.dataIndex
      })
    }))
  });
}

function drawn(api, cell, { place, count, colour, row }) {
  if (!cell) return null;
  const room = api.barLayout({ count, barGap: '15%', barCategoryGap: '28%' })[place];
  const [zero, middle] = api.coord([0, row]);
  const centre = middle + room.offsetCenter;
  const at = (value) => api.coord([value, row])[0];
  const parts = [];
  let end = zero;
  if (cell.value !== null) {
    end = at(cell.value);
    parts.push({
      type: 'rect',
      shape: { x: zero, y: centre - room.width / 2, width: Math.max(end - zero, 0), height: room.width },
      style: { fill: colour }
    });
    if (cell.lower_bound !== null && cell.lower_bound !== undefined && cell.lower_bound < cell.upper_bound) {
      const [low, high] = [at(cell.lower_bound), at(cell.upper_bound)];
      parts.push(line(low, centre, high, centre), line(low, centre - 3, low, centre + 3), line(high, centre - 3, high, centre + 3));
      end = Math.max(end, high);
    }
  }
  parts.push({
    type: 'text',
    style: {
      x: end + 5,
      y: centre,
      text: printed(cell),
      textVerticalAlign: 'middle',
      fill: cell.value === null ? QUIET : INK,
      font: `${LETTERS.fontSize}px ${LETTERS.fontFamily}`
    }
  });
  return { type: 'group', children: parts };
}

function line(x1, y1, x2, y2) {
  return { type: 'line', shape: { x1, y1, x2, y2 }, style: { stroke: INK, lineWidth: 1.2 } };
}
