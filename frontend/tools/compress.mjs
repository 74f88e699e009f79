/** Puts compressed forms beside the built files, so that the server need not compress them. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const DIST = new URL('../dist/', import.meta.url);
const WORTH_BYTES = 1024;

for (const name of readdirSync(DIST, { recursive: true })) {
  if (!/\.(js|css|svg|html|json)$/.test(name) || name.startsWith('.vite')) continue;
  const file = new URL(name, DIST);
  const source = readFileSync(file);
  if (source.length < WORTH_BYTES) continue;
  writeFileSync(new URL(`${name}.gz`, DIST), gzipSync(source, { level: 9 }));
  const options = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };
  writeFileSync(new URL(`${name}.br`, DIST), brotliCompressSync(source, options));
}
