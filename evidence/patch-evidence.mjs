// Runs after `npm ci`: lets Evidence 40 work with no network, at build time and in the reader's browser.
//
// Newer builds of duckdb-wasm fetch their parquet extension from a third party. 1.28.0 (DuckDB
// 0.9.1) is the last stable one with parquet inside, but does not know two settings that Evidence
// 40 sets when it starts. Both only restore old defaults, that is, what 0.9.1 does anyway.
import fs from 'node:fs';

const SETTINGS = [
  "await connection.query('SET ieee_floating_point_ops = false;');",
  "await connection.query('SET old_implicit_casting = true;');"
];
const MARK = '/* left out: unknown to duckdb-wasm 1.28 */';

for (const file of ['browser.js', 'node.js']) {
  const path = `node_modules/@evidence-dev/universal-sql/src/client-duckdb/${file}`;
  let source = fs.readFileSync(path, 'utf8');
  for (const setting of SETTINGS) source = source.replace(setting, MARK);
  if (source.split(MARK).length !== SETTINGS.length + 1) {
    console.error(`${path} is not the version this patch was written for`);
    process.exit(1);
  }
  fs.writeFileSync(path, source);
}
