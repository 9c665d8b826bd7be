// What all figures have in common: colours, letters, and what is said on touch.
import { number, printed } from './danish.js';

export const INK = '#12303B';
export const QUIET = '#4A5A62';
const LINE = '#C9D3D7';

// Okabe and Ito's colours, the vermilion darkened; never the only carrier of a meaning
export const COLOURS = ['#0072B2', '#C05400', '#009E73', '#CC79A7', '#56B4E9', '#7A6A00', '#4A5A62', '#E69F00'];
const WAVES = ['#0072B2', '#6FB1D8', '#B9D6E6', '#DCE6EB'];

/** Colours of waves: the latest one is the darkest. */
export function waveColours(count) {
  return Array.from({ length: count }, (_, n) => WAVES[Math.min(count - 1 - n, WAVES.length - 1)]);
}

export const LETTERS = { fontFamily: 'Inter, Arial, sans-serif', fontSize: 12, color: INK };

export function base(extra) {
  return {
    textStyle: LETTERS,
    // text, not HTML: names and labels stay what they are
    tooltip: { trigger: 'item', renderMode: 'richText', confine: true, textStyle: LETTERS },
    ...extra
  };
}

export function valueAxis(scale, extra = {}) {
  return {
    type: 'value',
    min: 0,
    name: '',
    splitNumber: 4,
    axisLabel: { formatter: scale.mark, color: QUIET, fontSize: 11, hideOverlap: true },
    splitLine: { lineStyle: { color: '#E9EEF0' } },
    axisLine: { show: false },
    ...extra
  };
}

/** A share's axis does not go beyond 100. */
export function upTo(cells) {
  return cells[0]?.unit === 'pct' ? { max: (range) => (range.max > 80 ? 100 : null) } : {};
}

export function labelAxis(labels, extra = {}) {
  return {
    type: 'category',
    data: labels,
    axisTick: { show: false },
    axisLine: { lineStyle: { color: LINE } },
    axisLabel: { color: INK, fontSize: 12 },
    ...extra
  };
}

export function legend(names) {
  return {
    show: names.length > 1,
    data: names,
    top: 0,
    left: 0,
    type: 'plain',
    icon: 'rect',
    itemWidth: 12,
    itemHeight: 12,
    itemGap: 16,
    // Evidence's theme draws the words over their squares
    textStyle: { ...LETTERS, padding: [0, 0, 0, 2] }
  };
}

/** How wide the labels to the left are: as the longest needs, but no wider than they may be. */
export function labelRoom(labels, most, size) {
  const longest = Math.max(0, ...labels.map((label) => label.length));
  return Math.min(most, Math.ceil(longest * size * 0.58) + 6);
}

/** How much room the names need above a drawing. */
export function legendRoom(names, width) {
  const letters = names.reduce((all, name) => all + name.length * 6.6 + 34, 0);
  return 20 + 22 * Math.ceil(letters / Math.max(width, 240));
}

/** What is said of a cell on touch. */
export function told(cell, names) {
  const lines = [...names.filter(Boolean), `${printed(cell)} ${unitWord(cell)}`.trim()];
  if (cell.interval_text) lines.push(cell.interval_text);
  if (cell.base && cell.unit === 'pct' && cell.base < 10000) lines.push(`N = ${number(cell.base)}`);
  return lines.join('\n');
}

function unitWord(cell) {
  if (cell.is_hidden || cell.value === null) return '';
  return { pct: 'pct.', kr: 'kr.', fte: 'årsværk', persons: 'personer' }[cell.unit] ?? '';
}
