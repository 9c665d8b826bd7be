// Builds the pages and looks at what came out: Evidence exits 0 when a query fails, and writes
// lang="en". `--only-check` looks at the last build once more.
//
// A failed query is found in two ways: in what the build said (also of one whose result no page
// shows), and in the pages, which tells where.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const SAID = /^.*Error in Query!.*$/gm;
const SHOWN = /Forespørgslen fejlede|Error in Query|Binder Error|Catalog Error|Parser Error/;
const problems = [];

if (!process.argv.includes('--only-check')) {
  const built = spawnSync('npx', ['evidence', 'build:strict'], { encoding: 'utf8' });
  const said = built.stdout + built.stderr;
  if (built.status !== 0) {
    console.error(said);
    process.exit(built.status ?? 1);
  }
  problems.push(...new Set(said.match(SAID) ?? []));
}

for (const entry of fs.readdirSync('build', { recursive: true, withFileTypes: true })) {
  const file = path.join(entry.parentPath ?? entry.path, entry.name);
  if (entry.name.endsWith('.duckdb')) problems.push(`${file}: a database among the public files`);
  if (!entry.isFile() || !entry.name.endsWith('.html')) continue;
  const html = fs.readFileSync(file, 'utf8');
  if (SHOWN.test(html)) problems.push(`${file}: a query of this page failed`);
  fs.writeFileSync(file, html.replace(/<html lang="en"/, '<html lang="da"'));
}
if (problems.length) {
  console.error(problems.join('\n'));
  process.exit(1);
}
