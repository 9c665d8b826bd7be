// Before and after, joined: a row an answer that is shown in both waves and that somebody gave.
import { isHidden, mayBeChance, questions } from './change.js';
import { axisScale, printed } from './danish.js';
import { INK, LETTERS, QUIET, base, labelAxis, labelRoom, valueAxis } from './drawing.js';

const SURE = '#0B5A3C';
const PERHAPS = '#0072B2';
const ROW = 34;

/** The answers that are drawn. */
export function drawnAnswers(cells) {
  return answers(cells).filter(
    (a) => !isHidden(a) && Boolean(a.share_before_pct?.value || a.share_after_pct?.value)
  );
}

export function hiddenCount(cells) {
  return answers(cells).filter(isHidden).length;
}

export function changeHeight(cells) {
  return drawnAnswers(cells).length * ROW + 48;
}

/**
 * @param cells all cells of a pair of waves
 * @param width of the figure, in pixels
 */
export function changeFigure(cells, width) {
  const rows = drawnAnswers(cells);
  const waves = cells[0].period.split('/');
  const isNarrow = width < 520;
  const labels = rows.map((r) => `${r.question}: ${r.label}`);
  const letters = isNarrow ? 10 : 12;
  const room = labelRoom(labels, isNarrow ? 150 : 300, letters);
  return base({
    grid: { left: room + 10, right: isNarrow ? 44 : 64, top: 8, bottom: 24, containLabel: false },
    xAxis: valueAxis(axisScale(rows.map((r) => r.share_after_pct)), { max: 100 }),
    yAxis: labelAxis(labels, {
      inverse: true,
      axisLabel: { color: INK, fontSize: letters, width: room, overflow: 'break', interval: 0 }
    }),
    series: [
      {
        type: 'custom',
        encode: { x: [0, 1], y: 2 },
        data: rows.map((row, n) => ({
          value: [row.share_before_pct.value, row.share_after_pct.value, n],
          tooltip: { formatter: () => toldOf(row, waves) }
        })),
        renderItem: (params, api) => dumbbell(api, rows[params.dataIndex])
      }
    ]
  });
}

function answers(cells) {
  return questions(cells).flatMap((q) => q.answers);
}

function toldOf(row, [before, after]) {
  return [
    `${row.question}: ${row.label}`,
    `${before}: ${printed(row.share_before_pct)} pct.`,
    `${after}: ${printed(row.share_after_pct)} pct.`,
    mayBeChance(row) ? 'Ændringen kan være tilfældig.' : 'Ændringen er næppe tilfældig.'
  ].join('\n');
}

function dumbbell(api, row) {
  const [x1, y] = api.coord([api.value(0), api.value(2)]);
  const [x2] = api.coord([api.value(1), api.value(2)]);
  const isSure = !mayBeChance(row);
  const colour = isSure ? SURE : PERHAPS;
  const stroke = { stroke: colour, lineWidth: 2 };
  return {
    type: 'group',
    children: [
      { type: 'line', shape: { x1, y1: y, x2, y2: y }, style: { ...stroke, lineDash: isSure ? null : [4, 3] } },
      { type: 'circle', shape: { cx: x1, cy: y, r: 5 }, style: { ...stroke, fill: '#fff' } },
      { type: 'circle', shape: { cx: x2, cy: y, r: 5.5 }, style: { fill: colour } },
      {
        type: 'text',
        style: {
          x: Math.max(x1, x2) + 10,
          y,
          text: signed(row.change_pct_points),
          textVerticalAlign: 'middle',
          fill: isSure ? INK : QUIET,
          font: `${isSure ? '600 ' : ''}${LETTERS.fontSize}px ${LETTERS.fontFamily}`
        }
      }
    ]
  };
}

/** A change as printed, with its sign. */
export function signed(cell) {
  if (!cell) return '.';
  return cell.value > 0 ? `+${printed(cell)}` : printed(cell);
}
