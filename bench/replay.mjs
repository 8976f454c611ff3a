// Recorded drives, moved into a duty day and sent as they happen the way Traccar Client sends them (OsmAnd query and form
// in turn) to a running server whose clock goes with the drive: the live map and its stream follow minute by minute;
// then the day for playback and what the server counts, beside the truth of the drive.
//   node bench/replay.mjs [FOLDER OF TRACKS]      default ../shared/data/tracks/gsdc
import { readFileSync, readdirSync, existsSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import path from 'node:path';
import { PASSWORD, api, listen, root, startServer, until } from '../e2e/lib.mjs';

const folder = process.argv[2] ?? path.join(root, '../shared/data/tracks/gsdc');
if (!existsSync(folder)) {
  console.log(`no recorded drives at ${folder}: nothing replayed`);
  process.exit(0);
}
// A day each: the server's clock only goes on.
const dayOf = (n) => `2027-11-${19 + n}`;
const MINUTE = 60;
const server = await startServer('sqlite', `${dayOf(0)}T01:59:00Z`);
const metres = (a, b) => Math.hypot((a[0] - b[0]) * Math.cos((a[1] * Math.PI) / 180), a[1] - b[1]) * 111_320;
let worst = 0;
let stream = null;
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
    const day = dayOf(n);
    const shift = Date.parse(`${day}T10:00:00+08:00`) / 1000 - Number(rows[0].t);
    const at = (row) => Number(row.t) + shift;
    stream = await listen(server.base, admin.token);
    let [sent, minutes] = [0, 0];
    while (sent < rows.length) {
      const end = at(rows[sent]) + MINUTE;
      server.setTime(new Date(end * 1000).toISOString());
      await until(async () => Date.parse((await admin.get('/api/v1/me')).server_time) / 1000 >= end - 1, 'the time');
      for (; sent < rows.length && at(rows[sent]) < end; sent++) {
        const row = rows[sent];
        const query = new URLSearchParams({ id: tracker.secret, timestamp: String(Math.round(at(row))), lat: row.lat, lon: row.lon, speed: String(Number(row.speed || 0) / 0.514444), altitude: row.alt || '0' });
        if (row.acc) query.set('accuracy', row.acc);
        if (row.bearing) query.set('bearing', row.bearing);
        const answer = sent % 2 ? await fetch(`${server.base}/t?${query}`) : await fetch(`${server.base}/t`, { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: query.toString() });
        if (!answer.ok) throw new Error(`fix ${sent}: ${answer.status}`);
      }
      const here = [Number(rows[sent - 1].lon), Number(rows[sent - 1].lat)];
      await until(async () => {
        const shown = (await admin.get('/api/v1/live')).people.find((p) => p.employee.id === employee.id);
        return shown?.at && metres(shown.at, here) < 1;
      }, 'the live map to follow');
      minutes++;
    }
    const news = await until(() => {
      const heard = stream.heard().split('event: live').length - 1;
      return heard > 0 && stream.heard().includes(employee.id) ? heard : 0;
    }, 'the stream');
    await stream.close();
    server.setTime(`${day}T15:00:00Z`);
    await until(async () => Date.parse((await admin.get('/api/v1/me')).server_time) >= Date.parse(`${day}T15:00:00Z`) - 1000, 'the evening');
    const playback = await admin.get(`/api/v1/tracks/${employee.id}/${day}`);
    const truth = Number(rows.at(-1).gt_dist);
    const error = (100 * Math.abs(playback.summary.counted_m - truth)) / truth;
    worst = Math.max(worst, error);
    console.log(`${name}: ${sent} fixes, counted ${playback.summary.counted_m} m, truth ${truth.toFixed(0)} m, off by ${error.toFixed(2)} %; ${playback.points.length} points to play; the live map followed in ${minutes} of ${minutes} minutes, ${news} messages of its stream`);
  }
} finally {
  await stream?.close();
  await server.stop();
}
if (worst > 1) {
  console.error(`more than 1 % off: ${worst.toFixed(2)} %`);
  process.exit(1);
}
