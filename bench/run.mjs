// npm run bench            runs every benchmark, one after the other, but the soak, which takes ten minutes
// npm run bench -- engine  runs those whose name contains "engine"
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('.', import.meta.url));
const [wanted = '', ...rest] = process.argv.slice(2);
const names = readdirSync(folder)
  .filter((name) => name.endsWith('.mjs') && name !== 'run.mjs' && name.includes(wanted))
  .filter((name) => name !== 'soak.mjs' || wanted !== '')
  .sort();
if (names.length === 0) {
  console.error(`No benchmark has "${wanted}" in its name.`);
  process.exit(2);
}
let failed = false;
for (const name of names) {
  console.log(`\n== ${name.replace(/\.mjs$/, '')}`);
  const { status } = spawnSync(process.execPath, [`${folder}/${name}`, ...rest], { stdio: 'inherit' });
  failed ||= status !== 0;
}
process.exit(failed ? 1 : 0);
