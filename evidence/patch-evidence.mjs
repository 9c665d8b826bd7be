// Runs after the install: lets Evidence 40 work with no network, at build time and in the reader's
// browser, lets its own few words be Danish, and its controls be what they tell screen readers. Done
// twice it changes nothing.
//
// Newer builds of duckdb-wasm fetch their parquet extension from a third party. 1.28.0 (DuckDB
// 0.9.1) is the last stable one with parquet inside, but does not know two settings that Evidence
// 40 sets when it starts. Both only restore old defaults, that is, what 0.9.1 does anyway.
import fs from 'node:fs';

const UNKNOWN = '/* left out: unknown to duckdb-wasm 1.28 */';
const SETTINGS = [
  ["await connection.query('SET ieee_floating_point_ops = false;');", UNKNOWN],
  ["await connection.query('SET old_implicit_casting = true;');", UNKNOWN]
];
const CLIENT = 'universal-sql/src/client-duckdb';
const LAYOUT = 'core-components/dist/organisms/layout';
const INPUTS = 'core-components/dist/atoms/inputs';

const CHANGES = {
  [`${CLIENT}/browser.js`]: SETTINGS,
  [`${CLIENT}/node.js`]: SETTINGS,
  [`${LAYOUT}/BreadCrumbs.svelte`]: [
    ["[{ href: '/', title: 'Home' }]", "[{ href: '/', title: 'Forside' }]"],
    ["path.title = 'Home';", "path.title = 'Forside';"]
  ],
  [`${LAYOUT}/header/Header.svelte`]: [
    ['>Close sidebar<', '>Luk menuen<'],
    ['>Open sidebar<', '>Åbn menuen<']
  ],
  [`${LAYOUT}/header/KebabMenu.svelte`]: [
    // what is shut controls nothing that is there
    ['class="px-1" aria-label="Menu"', 'class="px-1" aria-controls={undefined} aria-label="Menu"'],
    ['Print PDF', 'Udskriv som PDF'],
    ["{$showQueries ? 'Hide ' : 'Show '} Queries", "{$showQueries ? 'Skjul' : 'Vis'} forespørgsler"]
  ],
  [`${LAYOUT}/sidebar/Sidebar.svelte`]: [['>Close sidebar<', '>Luk menuen<']],
  [`${INPUTS}/dropdown/Dropdown.svelte`]: [
    ['No results found.', 'Intet fundet.'],
    // a button that opens a dialogue: a combobox would have to hold its list
    ['role="combobox"', 'data-opens="list"'],
    // and it says that it is open when it is, not before it was ever opened
    [
      `size="sm"\n${'\t'.repeat(6)}class="min-w-5`,
      `size="sm"\n${'\t'.repeat(6)}role={undefined} aria-expanded={Boolean(open)} class="min-w-5`
    ]
  ]
};

for (const [name, changes] of Object.entries(CHANGES)) {
  const path = `node_modules/@evidence-dev/${name}`;
  let source = fs.readFileSync(path, 'utf8');
  for (const [before, after] of changes) source = source.replace(before, after);
  for (const after of new Set(changes.map(([, text]) => text))) {
    const wanted = changes.filter(([, text]) => text === after).length;
    if (source.split(after).length - 1 !== wanted) {
      console.error(`${path} is not the version this patch was written for: ${after}`);
      process.exit(1);
    }
  }
  // a new file, never the old one written over: an installed file may be shared
  fs.writeFileSync(`${path}.new`, source);
  fs.renameSync(`${path}.new`, path);
}
