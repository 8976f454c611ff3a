// Measures what a browser must load from the built apps and fails when a budget is broken.
//   node scripts/budget.mjs [console|field]
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const WEB = join(dirname(fileURLToPath(import.meta.url)), '..');
const KB = 1024;
const MAP_CHUNK = /maplibre|MapCanvas|surface/i;

/** Limits in KB gzip unless said otherwise. */
const BUDGET = {
  console: { initialJs: 380, initialCss: 40, chunk: 120, mapChunk: 330, worker: 160 },
  field: { initialJs: 200, initialCss: 15, chunk: 60, mapChunk: 330, worker: 160, serviceWorker: 50, precacheRawMb: 3 },
};

const gz = (file) => gzipSync(readFileSync(file), { level: 9 }).length / KB;
const kb = (size) => `${size.toFixed(1)} KB`;

function filesUnder(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesUnder(join(folder, entry.name)) : [join(folder, entry.name)]);
}

function measure(app) {
  const dist = join(WEB, app, 'dist');
  const index = join(dist, 'index.html');
  if (!existsSync(index)) throw new Error(`${app}: not built, run "npm run build" first`);
  const limit = BUDGET[app];
  const faults = [];
  const check = (what, size, most, unit = 'KB gz') => {
    const bad = size > most;
    console.log(`  ${bad ? '✗' : '✓'} ${what.padEnd(34)} ${size.toFixed(1).padStart(7)} / ${most} ${unit}`);
    if (bad) faults.push(`${app}: ${what} ${size.toFixed(1)} > ${most} ${unit}`);
  };

  // The page names its entry and, as module preloads, everything the entry imports at once.
  const html = readFileSync(index, 'utf8');
  const named = [...html.matchAll(/(?:src|href)="([^"]+\.(?:js|css))"/g)].map((match) => join(dist, match[1].replace(/^\/(m\/)?/, '')));
  const initial = named.filter(existsSync);
  console.log(app);
  check('initial JS', initial.filter((f) => f.endsWith('.js')).reduce((sum, f) => sum + gz(f), 0), limit.initialJs);
  check('initial CSS', initial.filter((f) => f.endsWith('.css')).reduce((sum, f) => sum + gz(f), 0), limit.initialCss);

  const all = filesUnder(dist);
  const chunks = all.filter((f) => /\.m?js$/.test(f) && f.includes('/assets/') && !initial.includes(f));
  const workers = chunks.filter((f) => /worker/i.test(f));
  const maps = chunks.filter((f) => MAP_CHUNK.test(f) && !workers.includes(f));
  const others = chunks.filter((f) => !workers.includes(f) && !maps.includes(f));
  const largest = others.map((f) => ({ f, size: gz(f) })).sort((a, b) => b.size - a.size)[0];
  if (largest) check(`largest lazy chunk (${largest.f.split('/').pop().replace(/-[\w-]{8}\.\w+$/, '')})`, largest.size, limit.chunk);
  if (maps.length) check('map', maps.reduce((sum, f) => sum + gz(f), 0), limit.mapChunk);
  if (workers.length) check('map worker', workers.reduce((sum, f) => sum + gz(f), 0), limit.worker);

  const sw = join(dist, 'sw.js');
  if (limit.serviceWorker && existsSync(sw)) {
    check('service worker', gz(sw), limit.serviceWorker);
    const precached = [...readFileSync(sw, 'utf8').matchAll(/url:\s*["'`]([^"'`]+)["'`]|"url":"([^"]+)"/g)].map((m) => join(dist, m[1] ?? m[2]));
    const raw = precached.filter(existsSync).reduce((sum, f) => sum + statSync(f).size, 0) / KB / KB;
    check('precache', raw, limit.precacheRawMb, 'MB raw');
  }
  console.log(`    ${chunks.length} lazy chunks, ${kb(all.reduce((sum, f) => sum + statSync(f).size, 0) / KB)} raw in all`);
  return faults;
}

const apps = process.argv[2] ? [process.argv[2]] : Object.keys(BUDGET);
const faults = apps.flatMap(measure);
if (faults.length) {
  console.error(`\nBudget broken:\n  ${faults.join('\n  ')}`);
  process.exit(1);
}
