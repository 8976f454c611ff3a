// Grounds of the map in a real browser: each preset of the settings is chosen there and asks its service for the right tiles, and
// what lies at a place on the ground lies under our mark of that place, also where the service shifts the world (GCJ-02).
// The services themselves are played by the test, and it writes a map file of one tile. TASHI_PMTILES names a real one to try as well.
import assert from 'node:assert/strict';
import { copyFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { deflateSync, crc32 } from 'node:zlib';
import { signIn } from './console.mjs';
import { PASSWORD, api, browser, folder, root, startServer, until } from './lib.mjs';

const { zxyToTileId } = createRequire(`${root}/web/package.json`)('pmtiles');

const CENTRE = [118.78, 32.04];
const ZOOM = 15;
/** The map counts its zoom by tiles of 512 px; services have tiles of 256. */
const TILES = ZOOM + 1;

/** Pixel of the world of a place, in Web Mercator with tiles of 256 px. */
function worldPixel([lng, lat], z) {
  const size = 256 * 2 ** z;
  const s = Math.sin((lat * Math.PI) / 180);
  return [((lng + 180) / 360) * size, (0.5 - Math.log((1 + s) / (1 - s)) / (4 * Math.PI)) * size];
}

/** The shift of maps sold in China, from its published formula; written here again so that it checks ours. */
function gcj02([lng, lat]) {
  const [a, ee, x, y] = [6378245, 0.00669342162296594323, lng - 105, lat - 35];
  const wave = (v, w) => (20 * Math.sin(6 * v * Math.PI) + 20 * Math.sin(2 * v * Math.PI) + w) * (2 / 3);
  const dLat = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * Math.sqrt(Math.abs(x)) + wave(x, 0)
    + (20 * Math.sin(y * Math.PI) + 40 * Math.sin((y / 3) * Math.PI)) * (2 / 3) + (160 * Math.sin((y / 12) * Math.PI) + 320 * Math.sin((y * Math.PI) / 30)) * (2 / 3);
  const dLng = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * Math.sqrt(Math.abs(x)) + wave(x, 0)
    + (20 * Math.sin(x * Math.PI) + 40 * Math.sin((x / 3) * Math.PI)) * (2 / 3) + (150 * Math.sin((x / 12) * Math.PI) + 300 * Math.sin((x / 30) * Math.PI)) * (2 / 3);
  const rad = (lat / 180) * Math.PI;
  const magic = 1 - ee * Math.sin(rad) ** 2;
  return [lng + (dLng * 180) / ((a / Math.sqrt(magic)) * Math.cos(rad) * Math.PI), lat + (dLat * 180) / (((a * (1 - ee)) / (magic * Math.sqrt(magic))) * Math.PI)];
}

function chunk(name, data) {
  const body = Buffer.concat([Buffer.from(name), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** A white tile; where the place falls on it, a red square. */
function tile(z, x, y, place) {
  const [px, py] = worldPixel(place, z);
  const rows = Buffer.alloc(256 * (1 + 256 * 3), 255);
  for (let row = 0; row < 256; row++) {
    rows[row * 769] = 0;
    for (let column = 0; column < 256; column++) {
      if (Math.abs(x * 256 + column + 0.5 - px) > 8 || Math.abs(y * 256 + row + 0.5 - py) > 8) continue;
      rows.set([230, 0, 0], row * 769 + 1 + column * 3);
    }
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(256, 0);
  head.writeUInt32BE(256, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const magic = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
  return Buffer.concat([magic, chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
}

function varint(n) {
  const bytes = [];
  for (; n > 127; n = Math.floor(n / 128)) bytes.push((n % 128) | 128);
  return Buffer.from([...bytes, n]);
}

/** A length-delimited field of a protocol buffer. */
function field(number, bytes) {
  return Buffer.concat([varint(number * 8 + 2), varint(bytes.length), bytes]);
}

/** A map file (PMTiles v3) of one vector tile, in which a square of water lies on the place. */
function mapFile(place) {
  const z = 14;
  const [px, py] = worldPixel(place, z);
  const [x, y] = [Math.floor(px / 256), Math.floor(py / 256)];
  const local = (v, tile) => Math.round((v - tile * 256) * 16) - 160;
  const zigzag = (v) => (v < 0 ? -2 * v - 1 : 2 * v);
  // move to, three lines, close: a square clockwise in a tile of 4096 units (Mapbox Vector Tile 2.1, §4.3)
  const geometry = [9, zigzag(local(px, x)), zigzag(local(py, y)), 26, zigzag(320), 0, 0, zigzag(320), zigzag(-320), 0, 15];
  const feature = Buffer.concat([Buffer.from([24, 3]), field(4, Buffer.concat(geometry.map(varint)))]);
  const layer = Buffer.concat([field(1, Buffer.from('water')), field(2, feature), Buffer.from([40]), varint(4096), Buffer.from([120, 2])]);
  const tile = field(3, layer);
  // One entry: its id, one tile, its length, and the first offset, which is written plus one.
  const directory = Buffer.concat([1, zxyToTileId(z, x, y), 1, tile.length, 1].map(varint));
  const meta = Buffer.from('{}');
  const head = Buffer.alloc(127);
  head.write('PMTiles\x03', 0, 'latin1');
  const spans = [127, directory.length, 127 + directory.length, meta.length, 0, 0, 127 + directory.length + meta.length, tile.length, 1, 1, 1];
  spans.forEach((v, i) => head.writeBigUInt64LE(BigInt(v), 8 + 8 * i));
  // clustered; nothing compressed; vector tiles of this zoom alone; the whole world
  head.set([1, 1, 1, 1, z, z], 96);
  [-180, -85, 180, 85].forEach((v, i) => head.writeInt32LE(v * 1e7, 102 + 4 * i));
  return Buffer.concat([head, directory, meta, tile]);
}

/** Size of a picture, how many colours it has, and the middles of what is red and what is water in it. */
function look(page, png) {
  return page.evaluate(async (data) => {
    const image = await createImageBitmap(new Blob([Uint8Array.from(atob(data), (c) => c.charCodeAt(0))]));
    const canvas = new OffscreenCanvas(image.width, image.height);
    const pen = canvas.getContext('2d');
    pen.drawImage(image, 0, 0);
    const { data: pixels } = pen.getImageData(0, 0, image.width, image.height);
    const [red, water] = [[0, 0, 0], [0, 0, 0]];
    const add = (sums, i) => { sums[0]++; sums[1] += (i / 4) % image.width; sums[2] += Math.floor(i / 4 / image.width); };
    const middle = ([n, x, y]) => (n ? [x / n, y / n] : null);
    const colours = new Set();
    for (let i = 0; i < pixels.length; i += 4) {
      const [r, g, b] = pixels.slice(i, i + 3);
      colours.add((r << 16) | (g << 8) | b);
      if (r > g + 70 && r > b + 70) add(red, i);
      if (Math.abs(r - 0xc9) + Math.abs(g - 0xdd) + Math.abs(b - 0xe4) < 9) add(water, i);
    }
    return { width: image.width, height: image.height, colours: colours.size, red: middle(red), water: middle(water) };
  }, png.toString('base64'));
}

const SERVICES = [
  { preset: 'OpenStreetMap', host: 'tile.openstreetmap.org', of: (u) => u.pathname.match(/\/(\d+)\/(\d+)\/(\d+)\.png/).slice(1), shifted: false },
  { preset: '天地图', host: 't0.tianditu.gov.cn', of: (u) => ['TILEMATRIX', 'TILECOL', 'TILEROW'].map((k) => u.searchParams.get(k)), shifted: false },
  { preset: '高德', host: 'webrd01.is.autonavi.com', of: (u) => ['z', 'x', 'y'].map((k) => u.searchParams.get(k)), shifted: true },
];

test('every ground of the map', { timeout: 240_000 }, async (t) => {
  const server = await startServer('sqlite');
  const desk = await browser({ profile: folder() });
  t.after(async () => {
    await desk.close();
    await server.stop();
  });
  const page = desk.pages()[0];
  const setup = { company: '惠民饮品', time_zone: 'Asia/Shanghai', admin_name: '周敏', login: 'zhoumin', password: PASSWORD, goal: 'truth' };
  const { token } = await api(server.base).post('/api/v1/setup', setup);
  await signIn(page, server.base, 'zhoumin');
  const put = (map) => fetch(`${server.base}/api/v1/basemap`, {
    method: 'PUT', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ url: null, crs: 'wgs84', attribution: '', min_zoom: 3, max_zoom: 18, centre: CENTRE, zoom: ZOOM, ...map }),
  });
  const preview = () => page.locator('.basemap-preview');
  const seen = async () => look(page, await preview().screenshot());

  for (const service of SERVICES) {
    await t.test(`${service.preset} lies where it should`, async () => {
      const place = service.shifted ? gcj02(CENTRE) : CENTRE;
      const asked = [];
      await page.unrouteAll();
      await page.route((url) => url.hostname === service.host, async (route) => {
        const url = new URL(route.request().url());
        const [z, x, y] = service.of(url).map(Number);
        asked.push({ z, x, y, key: url.searchParams.get('tk'), referer: (await route.request().allHeaders()).referer });
        await route.fulfill({ body: tile(z, x, y, place), contentType: 'image/png', headers: { 'access-control-allow-origin': '*' } });
      });
      assert.equal((await put({ kind: 'none' })).status, 200);
      await page.goto(`${server.base}/settings/basemap`);
      await page.locator('input[type=radio][name=kind]').nth(2).check();
      await page.getByRole('button', { name: service.preset, exact: true }).click();
      if (service.preset === '天地图') {
        const address = page.locator('textarea').first();
        await address.fill((await address.inputValue()).replace('tk=KEY', 'tk=abc123'));
      }
      await page.locator('form button[type=submit]').click();
      await until(() => asked.length > 0, 'the first tile');
      const [cx, cy] = worldPixel(place, TILES).map((v) => Math.floor(v / 256));
      await until(() => asked.some((a) => a.z === TILES && a.x === cx && a.y === cy), `tile ${TILES}/${cx}/${cy}`);
      const found = await until(async () => { const s = await seen(); return s.red ? s : null; }, 'the red square');
      const off = Math.hypot(found.red[0] - found.width / 2, found.red[1] - found.height / 2);
      assert.ok(off < 4, `the place is ${off.toFixed(1)} px beside where the map says it is`);
      if (service.preset === '天地图') assert.ok(asked.every((a) => a.key === 'abc123'));
      if (service.preset === 'OpenStreetMap') assert.ok(asked.every((a) => a.referer === `${server.base}/`), `its rules ask for the origin: ${asked[0].referer}`);
    });
  }

  await t.test('the generated city', async () => {
    await page.unrouteAll();
    assert.equal((await put({ kind: 'generated' })).status, 200);
    const city = await (await fetch(`${server.base}/api/v1/basemap/generated.geojson`)).json();
    const [lng, lat] = city.features.find((f) => f.geometry.type === 'LineString').geometry.coordinates[0];
    assert.equal((await put({ kind: 'generated', centre: [lng, lat] })).status, 200);
    await page.goto(`${server.base}/settings/basemap`);
    await until(async () => (await seen()).colours > 12, 'streets and blocks');
  });

  const parts = [];
  page.on('response', (r) => { if (r.url().endsWith('/basemap/file.pmtiles')) parts.push(r.status()); });
  const inParts = () => assert.ok(parts.length > 0 && parts.every((status) => status === 206), `read in parts: ${parts}`);

  await t.test('a map file in the data folder', async () => {
    writeFileSync(`${server.data}/basemap.pmtiles`, mapFile(CENTRE));
    assert.equal((await put({ kind: 'pmtiles', max_zoom: 15 })).status, 200);
    await page.goto(`${server.base}/settings/basemap`);
    const found = await until(async () => { const s = await seen(); return s.water ? s : null; }, 'the square of water');
    const off = Math.hypot(found.water[0] - found.width / 2, found.water[1] - found.height / 2);
    assert.ok(off < 4, `the water is ${off.toFixed(1)} px beside where the file has it`);
    inParts();
  });

  await t.test('a real map file', { skip: process.env.TASHI_PMTILES ? false : 'TASHI_PMTILES is not set: no real map file to try' }, async () => {
    copyFileSync(process.env.TASHI_PMTILES, `${server.data}/basemap.pmtiles`);
    await page.reload();
    await until(async () => (await seen()).colours > 12, 'streets of the file');
    inParts();
  });
  assert.deepEqual(desk.faults, []);
});
