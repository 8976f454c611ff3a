/** Holds the built app to its budgets: what the first screen loads, the styles, the service worker, the precache. */
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const dist = new URL('./dist/', import.meta.url).pathname;
const gz = (file) => gzipSync(readFileSync(file), { level: 9 }).length / 1024;
const html = readFileSync(join(dist, 'index.html'), 'utf8');
const named = (pattern) => [...html.matchAll(pattern)].map((m) => join(dist, m[1].replace(/^\/m\//, '')));
const sum = (files) => files.reduce((total, file) => total + gz(file), 0);
const files = readdirSync(dist, { recursive: true, withFileTypes: true }).filter((f) => f.isFile()).map((f) => join(f.parentPath ?? f.path, f.name));
const raw = files.filter((f) => /\.(m?js|css|html|png|svg|webmanifest)$/.test(f)).reduce((total, f) => total + statSync(f).size, 0) / 1024 / 1024;

const rows = [
  ['initial JavaScript, KB gz', sum(named(/(?:src|href)="([^"]+\.m?js)"/g)), 200],
  ['initial CSS, KB gz', sum(named(/href="([^"]+\.css)"/g)), 15],
  ['service worker, KB gz', gz(join(dist, 'sw.js')), 50],
  ['everything precached, MB', raw, 3],
];
let failed = false;
for (const [what, is, limit] of rows) {
  const over = is > limit;
  failed ||= over;
  console.log(`${over ? 'OVER' : 'ok  '} ${what}: ${is.toFixed(1)} of ${limit}`);
}
process.exit(failed ? 1 : 0);
