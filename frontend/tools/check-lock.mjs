/** The lock file must not say from which registry packages came. */
import { readFileSync } from 'node:fs';

const lock = readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8');
const lines = lock.split('\n').filter((line) => line.includes('"resolved"'));
if (lines.length > 0) {
  console.error(`package-lock.json names ${lines.length} registry addresses, e.g. ${lines[0].trim()}`);
  process.exit(1);
}
