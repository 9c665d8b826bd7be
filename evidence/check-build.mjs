// Runs after the build: Evidence exits 0 on a page whose query fails, and writes lang="en".
import fs from 'node:fs';
import path from 'node:path';

const FAILURES = /Error in Query|Binder Error|Catalog Error|Parser Error/;
const problems = [];

for (const entry of fs.readdirSync('build', { recursive: true, withFileTypes: true })) {
  const file = path.join(entry.parentPath ?? entry.path, entry.name);
  if (entry.name.endsWith('.duckdb')) problems.push(`${file}: a database among the public files`);
  if (!entry.isFile() || !entry.name.endsWith('.html')) continue;
  const html = fs.readFileSync(file, 'utf8');
  if (FAILURES.test(html)) problems.push(`${file}: a query of this page failed`);
  fs.writeFileSync(file, html.replace(/<html lang="en"/, '<html lang="da"'));
}
if (problems.length) {
  console.error(problems.join('\n'));
  process.exit(1);
}
