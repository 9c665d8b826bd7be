// Cells arranged for reading: what comes in which row, column or series.

/** The keys of the cells in the order to read: as in the latest period, then what earlier ones have. */
export function ordered(cells, keyOf) {
  const latestFirst = [...cells].sort((a, b) =>
    a.period === b.period ? a.place - b.place : a.period < b.period ? 1 : -1
  );
  return [...new Set(latestFirst.map(keyOf))];
}

export function periodsOf(cells) {
  return [...new Set(cells.map((c) => c.period))].sort();
}

export function labelOf(cells, keyOf, key, name) {
  return cells.find((c) => keyOf(c) === key)?.[name] ?? '';
}

const MANY = 12;
const COLUMN_LABELS = { period: 'period_label', measure: 'measure_label' };

/**
 * A table: periods (or measures) as columns; groups, each with its categories or measures, as rows.
 */
export function pivot(cells, by = 'period') {
  const columnOf = (c) => c[by];
  const columns = by === 'period' ? periodsOf(cells) : ordered(cells, columnOf);
  const groups = groupsOf(cells);
  const several = (name) => new Set(cells.map((c) => c[name])).size > 1;
  const named = ['category', 'measure'].filter((n) => n !== by && several(n));
  const rowOf = (c) => (by === 'measure' ? c.category : `${c.category}\t${c.measure}`);
  const rows = ordered(cells, rowOf);
  const byPlace = new Map(cells.map((c) => [`${columnOf(c)}\t${c.group_id}\t${rowOf(c)}`, c]));
  return {
    columns: columns.map((c) => labelOf(cells, columnOf, c, COLUMN_LABELS[by])),
    isFlat: named.length === 0,
    groups: groups.map((group) => {
      const label = labelOf(cells, (c) => c.group_id, group, 'group_label');
      const inside = rows
        .map((row) => columns.map((c) => byPlace.get(`${c}\t${group}\t${row}`) ?? null))
        .filter((found) => found.some(Boolean))
        .map((found) => {
          const any = found.find(Boolean);
          return { label: named.map((n) => any[`${n}_label`]).join(', ') || label, cells: found };
        });
      return { label, rows: inside, bases: commonBases(inside, columns.length) };
    })
  };
}

/** Groups as they are listed; many, as municipalities are, by the alphabet. */
function groupsOf(cells) {
  const groups = ordered(cells, (c) => c.group_id);
  if (groups.length <= MANY) return groups;
  const spelt = new Map(cells.map((c) => [c.group_id, c.group_alphabet]));
  return groups.sort((a, b) => (spelt.get(a) < spelt.get(b) ? -1 : 1));
}

/** The base of each column where all rows of a group have the same, else null. */
function commonBases(rows, count) {
  const bases = [];
  for (let column = 0; column < count; column += 1) {
    const found = rows.map((r) => r.cells[column]).filter(Boolean);
    if (new Set(found.map((c) => c.base)).size > 1) return null;
    bases.push(found[0] ?? null);
  }
  const known = bases.filter((c) => c && c.base !== null);
  // a base in kroner says nothing of how many stand behind a figure
  return known.length && known.every((c) => Number.isInteger(c.base) && c.base < 10000) ? bases : null;
}
