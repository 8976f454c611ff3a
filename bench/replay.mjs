// A recorded drive, moved into a duty day of today, sent the way Traccar Client sends it (OsmAnd query and
// form in turn) to a running server; then what the server counts, beside the truth of the drive.
//   node bench/replay.mjs [FOLDER OF TRACKS]      default ../shared/data/tracks/gsdc
import { readFileSync, readdirSync, existsSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import path from 'node:path';
import { PASSWORD, api, root, startServer } from '../e2e/lib.mjs';

const folder = process.argv[2] ?? path.join(root, '../shared/data/tracks/gsdc');
if (!existsSync(folder)) {
  console.log(`no recorded drives at ${folder}: nothing replayed`);
  process.exit(0);
}
const server = await startServer('sqlite');
let worst = 0;
try {
  await api(server.base).post('/api/v1/setup', { company: '甲', time_zone: 'Asia/Shanghai', admin_name: '周敏', login: 'zhoumin', password: PASSWORD });
  const admin = await api(server.base).as('zhoumin');
  const department = (await admin.get('/api/v1/departments')).items[0].id;
  const role = (await admin.get('/api/v1/roles')).items.find((r) => r.key === 'rep').id;
  const calendar = await admin.post('/api/v1/calendars', { name: '全天', shifts: [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, from_minute: 0, to_minute: 1440 })) });
  for (const [n, name] of readdirSync(folder).entries()) {
    const lines = gunzipSync(readFileSync(path.join(folder, name, 'drive.csv.gz'))).toString().trim().split('\n');
    const head = lines.shift().split(',');
    const rows = lines.map((l) => Object.fromEntries(l.split(',').map((v, i) => [head[i], v])));
    const { employee } = await admin.post('/api/v1/employees', { name: `司机 ${n}`, login: `driver${n}`, password: PASSWORD, role_id: role, department_id: department, calendar_id: calendar.id });
    const tracker = await admin.post('/api/v1/trackers', { employee_id: employee.id, name, kind: 'traccar' });
    // Moved to yesterday at ten in the morning, company time.
    const day = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format(new Date(Date.now() - 86_400_000));
    const shift = Date.parse(`${day}T10:00:00+08:00`) / 1000 - Number(rows[0].t);
    let sent = 0;
    for (const row of rows) {
      const query = new URLSearchParams({ id: tracker.secret, timestamp: String(Math.round(Number(row.t) + shift)), lat: row.lat, lon: row.lon, speed: String(Number(row.speed || 0) / 0.514444), altitude: row.alt || '0' });
      if (row.acc) query.set('accuracy', row.acc);
      if (row.bearing) query.set('bearing', row.bearing);
      const answer = sent++ % 2 ? await fetch(`${server.base}/t?${query}`) : await fetch(`${server.base}/t`, { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: query.toString() });
      if (!answer.ok) throw new Error(`fix ${sent}: ${answer.status}`);
    }
    const live = (await admin.get('/api/v1/live')).people.length;
    const playback = await admin.get(`/api/v1/tracks/${employee.id}/${day}`);
    const truth = Number(rows.at(-1).gt_dist);
    const error = (100 * Math.abs(playback.summary.counted_m - truth)) / truth;
    worst = Math.max(worst, error);
    console.log(`${name}: ${sent} fixes, counted ${playback.summary.counted_m} m, truth ${truth.toFixed(0)} m, off by ${error.toFixed(2)} %; ${playback.points.length} points to play, ${live} on the board`);
  }
} finally {
  await server.stop();
}
if (worst > 1) {
  console.error(`more than 1 % off: ${worst.toFixed(2)} %`);
  process.exit(1);
}
