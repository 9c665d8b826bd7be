// Changes between two waves: cells of one pair, an answer a row, its measures beside each other.

const MARK = '__'; // between question and answer in a category's code
const LABEL = ': '; // between the same two in its words
const COUNTS = [['panel', 'i begge'], ['joiners', 'nye'], ['leavers', 'frafaldne'], ['size_movers', 'skiftet størrelsesgruppe']];

/** The questions with their answers, in the order to read. */
export function questions(cells) {
  const found = new Map();
  for (const cell of [...cells].sort((a, b) => a.place - b.place)) {
    if (!cell.category.includes(MARK)) continue;
    const code = cell.category.split(MARK)[0];
    const [label, ...words] = cell.category_label.split(LABEL);
    if (!found.has(code)) found.set(code, { code, label, counts: countsOf(cells, code), answers: new Map() });
    const answers = found.get(code).answers;
    if (!answers.has(cell.category)) answers.set(cell.category, { label: words.join(LABEL), question: label });
    answers.get(cell.category)[cell.measure] = cell;
  }
  return [...found.values()].map((q) => ({ ...q, answers: [...q.answers.values()] }));
}

/** How many municipalities are compared, came and went. */
function countsOf(cells, code) {
  return COUNTS.map(([measure, words]) => {
    const cell = cells.find((c) => c.category === code && c.measure === measure);
    return cell ? `${words}: ${cell.value === 0 ? 0 : cell.display}` : '';
  }).filter(Boolean).join(', ');
}

export function isHidden(answer) {
  return answer.share_before_pct?.value === null || answer.share_after_pct?.value === null;
}

export function mayBeChance(answer) {
  return answer.may_be_chance?.value !== 0;
}
