/** Holds the chat to its budget: gzipped JavaScript before first use, and no Ant Design in it. */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const BUDGET_KB = 350;
const DIST = new URL('../dist/', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', DIST), 'utf8'));

/** A chunk and everything it imports at once. */
function withImports(key, found = new Set()) {
  if (found.has(key)) return found;
  found.add(key);
  for (const imported of manifest[key]?.imports ?? []) withImports(imported, found);
  return found;
}

const entries = [
  'index.html', 'src/chat/index.tsx',
  'src/i18n/messages/zh-CN/core.json', 'src/i18n/messages/zh-CN/chat.json',
];
for (const entry of entries) if (!manifest[entry]) throw new Error(`${entry} is not in the build`);
const keys = new Set(entries.flatMap((entry) => [...withImports(entry)]));
let total = 0;
let failed = false;
for (const key of keys) {
  const { file } = manifest[key];
  if (!file.endsWith('.js')) continue;
  const source = readFileSync(new URL(file, DIST));
  const size = gzipSync(source, { level: 9 }).length;
  total += size;
  console.log(`${(size / 1000).toFixed(1).padStart(8)} kB  ${file}`);
  if (source.includes('ant-btn') || source.includes('ant-table')) {
    console.error(`${file} contains Ant Design`);
    failed = true;
  }
}
console.log(`${(total / 1000).toFixed(1).padStart(8)} kB  chat before first use, of ${BUDGET_KB} kB`);
if (total > BUDGET_KB * 1000) failed = true;
process.exit(failed ? 1 : 0);
