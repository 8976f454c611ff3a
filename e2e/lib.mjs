// What every journey needs: a real server on either engine, browsers, and the API as a third hand.
import { spawn, execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const require = createRequire(path.join(root, 'web/package.json'));
export const { chromium } = require('playwright-core');
const axeSource = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const binary = process.env.TASHI_BIN ?? path.join(root, 'target/debug/tashi');
export const PASSWORD = 'walk-the-talk-9';

let port = 18400 + (process.pid % 400);

/** The story day as JSON: places, times, and what a good phone reports on the way. */
export function story(day) {
  return JSON.parse(execFileSync(binary, ['story', '--day', day], { maxBuffer: 64 << 20 }).toString());
}

/** Founds a further company on a server's store; its administrator has the usual password. */
export function addCompany(server, { name, admin, login }) {
  const args = ['company', 'add', ...server.store, '--name', name, '--admin-name', admin, '--login', login];
  execFileSync(binary, args, { input: `${PASSWORD}\n`, stdio: ['pipe', 'pipe', 'pipe'] });
}

/**
 * Starts the server on a fresh store; `stop()` ends it, `kill()` ends it the hard way, `again()` starts it on the same store.
 * With `time` (RFC 3339) the server lives at that time, and `setTime()` moves it on. `more` are further options of `serve`.
 * With `beside` it is a further node on the store of that server.
 */
export async function startServer(engine, time = null, more = [], beside = null) {
  const data = beside?.data ?? mkdtempSync(path.join(tmpdir(), 'tashi-e2e-'));
  const store = beside?.store ?? ['--data', data];
  if (engine === 'postgres' && !beside) {
    const cluster = process.env.TASHI_TEST_POSTGRES ?? execFileSync(path.join(root, 'scripts/postgres.sh'), ['start']).toString().trim();
    const database = `e2e_${process.pid}_${Date.now()}`;
    const psql = (text) => execFileSync('psql', [cluster, '-qc', text], { stdio: 'pipe' });
    try { psql('CREATE ROLE tashi_app LOGIN NOSUPERUSER NOBYPASSRLS'); } catch { /* there already */ }
    psql(`CREATE DATABASE ${database} OWNER tashi_app`);
    store.push('--database-url', cluster.replace('//postgres@', '//tashi_app@').replace(/\/postgres$/, `/${database}`));
  }
  const args = ['serve', ...store, '--no-rate-limit', ...more];
  const server = { data, store, base: '', child: null };
  const clock = path.join(data, 'test-clock');
  // Replaced at once, so that the server never reads half a time.
  server.setTime = (at) => {
    writeFileSync(`${clock}.new`, at);
    renameSync(`${clock}.new`, clock);
  };
  if (time) {
    server.setTime(time);
    args.push('--test-clock', clock);
  }
  server.again = async () => {
    const listen = `127.0.0.1:${port++}`;
    server.base ||= `http://${listen}`;
    const address = server.base.slice('http://'.length);
    server.child = spawn(binary, [...args, '--listen', address], { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, RUST_LOG: 'warn', RUST_BACKTRACE: '0' } });
    let log = '';
    server.child.stderr.on('data', (d) => { log = (log + d).slice(-4000); });
    // A demo lives its past first; until then the connection is taken but not answered.
    const end = Date.now() + (more.includes('--demo') ? 300_000 : 30_000);
    while (Date.now() < end) {
      if (server.child.exitCode !== null) throw new Error(`server ended: ${log}`);
      const ready = await fetch(`${server.base}/readyz`, { signal: AbortSignal.timeout(2000) }).then((r) => r.ok, () => false);
      if (ready) return server;
      await new Promise((r) => setTimeout(r, 50));
    }
    server.child.kill('SIGKILL');
    throw new Error(`server not ready: ${log}`);
  };
  const end = (signal) => new Promise((done) => {
    if (server.child.exitCode !== null || server.child.signalCode !== null) return done();
    server.child.once('exit', () => done());
    server.child.kill(signal);
  });
  server.kill = () => end('SIGKILL');
  server.stop = async () => {
    await end('SIGTERM');
    rmSync(data, { recursive: true, force: true });
  };
  return server.again();
}

/** The API for setting scenes; throws on anything but 2xx. */
export function api(base, token = null) {
  const call = async (method, url, body, headers = {}) => {
    const response = await fetch(base + url, {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': Buffer.isBuffer(body) ? 'application/octet-stream' : 'application/json' }), ...(token ? { authorization: `Bearer ${token}` } : {}), ...headers },
      body: body === undefined || Buffer.isBuffer(body) ? body : JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw Object.assign(new Error(`${method} ${url}: ${response.status} ${text}`), { status: response.status });
    return text ? JSON.parse(text) : null;
  };
  return {
    token,
    get: (url) => call('GET', url),
    post: (url, body = {}, version = null) => call('POST', url, body, version === null ? {} : { 'if-match': `"${version}"` }),
    put: (url, body) => call('PUT', url, body),
    patch: (url, version, body) => call('PATCH', url, body, { 'if-match': `"${version}"` }),
    /** A piece of a file, from `offset` on. */
    piece: (url, offset, bytes) => call('PATCH', url, bytes, { 'upload-offset': String(offset) }),
    /** The bytes at an address. */
    bytes: async (url) => {
      const response = await fetch(base + url, { headers: { authorization: `Bearer ${token}` } });
      if (!response.ok) throw Object.assign(new Error(`GET ${url}: ${response.status}`), { status: response.status });
      return Buffer.from(await response.arrayBuffer());
    },
    as: async (login, password = PASSWORD) => api(base, (await call('POST', '/api/v1/auth/login', { login, password })).token),
  };
}

const FLAGS = [
  '--headless=new', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream',
];

/** A browser with its own profile folder, so that it can be killed and opened again. */
export async function browser({ profile, phone = false, place = null, locale = 'zh-CN', dark = false, time = null, still = false, faults = [] }) {
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: '/usr/bin/chromium', args: FLAGS, locale, timezoneId: 'Asia/Shanghai', colorScheme: dark ? 'dark' : 'light', reducedMotion: still ? 'reduce' : 'no-preference',
    viewport: phone ? { width: 390, height: 844 } : { width: 1280, height: 800 },
    ...(phone ? { hasTouch: true, isMobile: true, permissions: ['geolocation', 'camera'], geolocation: place ?? undefined } : {}),
  });
  context.setDefaultTimeout(20_000);
  if (time) {
    await context.clock.install({ time });
    // A receiver takes its time from the satellites: the same time as the story's.
    await context.addInitScript(() => {
      const watch = navigator.geolocation.watchPosition.bind(navigator.geolocation);
      navigator.geolocation.watchPosition = (heard, ...rest) => watch(({ coords }) => heard({ coords, timestamp: Date.now() }), ...rest);
    });
  }
  // The browser's fake camera shows the same frames after every start; a real one never gives the same bytes twice, and seldom
  // the same picture.
  await context.addInitScript(() => {
    const drawImage = CanvasRenderingContext2D.prototype.drawImage;
    CanvasRenderingContext2D.prototype.drawImage = function (source, ...rest) {
      if (source instanceof HTMLVideoElement) this.canvas.live = true;
      return drawImage.call(this, source, ...rest);
    };
    const toBlob = HTMLCanvasElement.prototype.toBlob;
    HTMLCanvasElement.prototype.toBlob = function (...rest) {
      const pen = this.getContext('2d');
      if (pen) {
        for (let k = 0; k < 16; k++) {
          pen.fillStyle = `#${crypto.getRandomValues(new Uint32Array(1))[0].toString(16).padStart(8, '0').slice(0, 6)}`;
          pen.fillRect(k * 8, 0, 8, 8);
        }
        const dice = (n) => Math.random() * n;
        for (let k = 0; this.live && k < 60; k++) {
          pen.fillStyle = `hsl(${dice(360)} 50% ${25 + dice(50)}%)`;
          pen.fillRect(dice(this.width), dice(this.height), this.width * (0.04 + dice(0.2)), this.height * (0.04 + dice(0.2)));
        }
      }
      return toBlob.apply(this, rest);
    };
  });
  context.faults = faults;
  const watch = (page) => {
    page.on('pageerror', (e) => context.faults.push(`${page.url()}: ${e.message}`));
    page.on('response', (r) => { if (r.status() >= 500) context.faults.push(`${r.status()} ${r.url()}`); });
  };
  context.pages().forEach(watch);
  context.on('page', watch);
  return context;
}

export function folder() {
  return mkdtempSync(path.join(tmpdir(), 'tashi-profile-'));
}

/** Serious accessibility findings of a page, as text. */
export async function axe(page) {
  // What is still fading in has no contrast yet; what spins for ever is not waited for.
  await page.evaluate(() => {
    const ends = (one) => one.playState === 'running' && Number.isFinite(one.effect?.getComputedTiming().endTime ?? Infinity);
    const all = document.getAnimations().filter(ends).map((one) => one.finished.catch(() => undefined));
    return Promise.race([Promise.all(all), new Promise((done) => setTimeout(done, 2_000))]).then(() => undefined);
  });
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axeSource);
  const found = await page.evaluate(async () => {
    const options = { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'] };
    const { violations } = await globalThis.axe.run(document, options);
    return violations.filter((v) => v.impact === 'serious' || v.impact === 'critical')
      .map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => n.target.join(' ')).join(' | ')}`);
  });
  return found;
}

/** Listens to the live stream of a person; `heard()` is everything it has said so far. */
export async function listen(base, token) {
  const stop = new AbortController();
  const response = await fetch(`${base}/api/v1/stream`, { headers: { authorization: `Bearer ${token}` }, signal: stop.signal });
  if (!response.ok) throw new Error(`stream: ${response.status}`);
  let text = '';
  const ended = (async () => {
    const words = new TextDecoder();
    for await (const bytes of response.body) text += words.decode(bytes, { stream: true });
  })().catch(() => undefined);
  return {
    heard: () => text,
    close: async () => {
      stop.abort();
      await ended;
    },
  };
}

/**
 * The steps of one story on the test `t`. A failed one leaves a picture of each of `screens()`, by the name it has there,
 * and the steps after it are skipped: they would only fail of it.
 */
export function steps(t, story, screens) {
  let broken = false;
  const step = (name, body) => t.test(name, async (s) => {
    if (broken) return s.skip('an earlier step failed');
    try {
      await body(s);
    } catch (error) {
      broken = true;
      mkdirSync(`${root}/test-results`, { recursive: true });
      for (const [who, screen] of Object.entries(screens())) {
        await screen?.screenshot({ path: `${root}/test-results/${story}-${who}.png` }).catch(() => undefined);
      }
      throw error;
    }
  });
  return Object.assign(step, { failed: () => broken });
}

/** Waits until `check` holds. */
export async function until(check, what, ms = 20_000) {
  const end = Date.now() + ms;
  for (;;) {
    const value = await check();
    if (value) return value;
    if (Date.now() > end) throw new Error(`waited ${ms} ms for ${what}`);
    await new Promise((r) => setTimeout(r, 100));
  }
}

export { existsSync };
