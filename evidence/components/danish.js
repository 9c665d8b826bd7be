// Numbers and rows as the figures write them. Printed figures come with the data (`display`); only
// the marks of an axis and bases are written here.

const THOUSAND = 1000;
const MILLION = 1e6;

export function number(value, decimals = 0) {
  return Number(value).toLocaleString('da-DK', { maximumFractionDigits: decimals });
}

/** The base of a cell: a number, or the sign the cell shows where its base is hidden too. */
export function baseText(cell) {
  if (cell.base !== null && cell.base !== undefined) return number(cell.base, 1);
  return cell.is_hidden ? '..' : '.';
}

/** How the marks of an axis are written, and the unit that belongs to them. */
export function axisScale(cells) {
  const unit = cells[0]?.unit_label ?? '';
  const largest = Math.max(0, ...cells.map((c) => Math.abs(c.value ?? 0)));
  if (cells[0]?.unit === 'kr' && largest >= MILLION) {
    return { unit: 'Mio. kroner', mark: (v) => number(v / MILLION, 1) };
  }
  if (cells[0]?.unit === 'kr' && largest >= THOUSAND) {
    return { unit: '1.000 kroner', mark: (v) => number(v / THOUSAND, 1) };
  }
  return { unit, mark: (v) => number(v, 2) };
}

/** A printed figure with the mark of a break in series. */
export function printed(cell) {
  return cell.obs_status === 'B' ? `¦ ${cell.display}` : cell.display;
}

/** 'a', 'a og b', 'a, b og c'. */
export function listed(parts) {
  if (parts.length < 2) return parts.join('');
  return `${parts.slice(0, -1).join(', ')} og ${parts[parts.length - 1]}`;
}
