// Basement after basement: airplane mode, a visit with three photos, the app killed in the middle and opened again, two
// tabs coming back at once through a line that cuts answers off. Everything is on the server once, the badge shows nothing
// pending. OFFLINE_ROUNDS=20 for the long run.
import assert from 'node:assert/strict';
import { createServer, request } from 'node:http';
import { test } from 'node:test';
import { PASSWORD, api, browser, folder, startServer, until } from './lib.mjs';
import * as hand from './phone.mjs';

const ROUNDS = Number(process.env.OFFLINE_ROUNDS ?? 1);
const OFFICE = [118.79, 32.05];

/**
 * A line between phone and server. What is sent while `cuts` are left arrives whole, but its answer is lost with the
 * connection: the phone cannot know and must send again.
 */
async function line(base) {
  const state = { cuts: 0, cut: 0, close: null, base: '' };
  const server = createServer((from, to) => {
    const onward = request(`${base}${from.url}`, { method: from.method, headers: { ...from.headers, host: new URL(base).host } }, (answer) => {
      const risky = /\/field\/sync|\/uploads/.test(from.url) && from.method !== 'GET';
      if (risky && state.cuts > 0) {
        state.cuts -= 1;
        state.cut += 1;
        answer.resume();
        answer.on('end', () => from.socket.destroy());
        return;
      }
      to.writeHead(answer.statusCode, answer.headers);
      answer.pipe(to);
    });
    onward.on('error', () => from.socket.destroy());
    to.on('close', () => onward.destroy());
    from.pipe(onward);
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  state.base = `http://127.0.0.1:${server.address().port}`;
  state.close = () => new Promise((done) => {
    server.close(done);
    server.closeAllConnections();
  });
  return state;
}

for (const engine of (process.env.ENGINES ?? 'sqlite,postgres').split(',')) {
  test(`a basement on ${engine}, ${ROUNDS} rounds`, { timeout: 60_000 + ROUNDS * 60_000 }, async (t) => {
    const server = await startServer(engine);
    const wire = await line(server.base);
    const profile = folder();
    const faults = [];
    let phone = null;
    t.after(async () => {
      await phone?.close();
      await wire.close();
      await server.stop();
    });
    await api(server.base).post('/api/v1/setup', { company: '甲', time_zone: 'Asia/Shanghai', admin_name: '周敏', login: 'zhoumin', password: PASSWORD });
    const admin = await api(server.base).as('zhoumin');
    const department = (await admin.get('/api/v1/departments')).items[0].id;
    const role = (await admin.get('/api/v1/roles')).items.find((r) => r.key === 'rep').id;
    const calendar = await admin.post('/api/v1/calendars', { name: '全天', shifts: [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, from_minute: 0, to_minute: 1440 })) });
    const { employee: rep } = await admin.post('/api/v1/employees', { name: '张伟', login: 'zhangwei', password: PASSWORD, role_id: role, department_id: department, calendar_id: calendar.id });
    const steps = [
      { title: '门头照', kind: 'photo', mandatory: true, min: 1, max: 5 },
      { title: '初步采购意向', kind: 'choice', mandatory: true, options: ['有意向', '再考虑', '无意向'] },
    ];
    const screen = () => phone.pages()[0];
    const open = async (offline) => {
      phone = await browser({ profile, phone: true, still: true, place: { longitude: OFFICE[0], latitude: OFFICE[1], accuracy: 8 }, faults });
      await phone.setOffline(offline);
      await screen().goto(`${wire.base}/m/`);
      await hand.today(screen()).waitFor();
    };
    const kill = async () => {
      await phone.close();
      phone = null;
    };

    phone = await browser({ profile, phone: true, still: true, place: { longitude: OFFICE[0], latitude: OFFICE[1], accuracy: 8 }, faults });
    await hand.signIn(screen(), wire.base, 'zhangwei');
    await screen().getByRole('button', { name: '同意并开始' }).click();
    // Installed: the service worker keeps the app, so that it opens without a network.
    await screen().evaluate(() => navigator.serviceWorker.ready.then(() => true));
    await kill();

    for (let round = 1; round <= ROUNDS; round++) {
      const day = (await admin.get('/api/v1/me')).server_time;
      const today = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Shanghai' }).format(new Date(day));
      const shop = await admin.post('/api/v1/customers', { name: `地下店 ${String(round).padStart(2, '0')}`, at: OFFICE, owner_id: rep.id });
      const task = await admin.post('/api/v1/tasks', { employee_id: rep.id, customer_id: shop.id, day: today, window: { from_minute: 0, to_minute: 1440 }, steps });
      await open(false);
      await hand.today(screen()).getByText(shop.name).waitFor();
      await phone.setOffline(true);
      await hand.checkIn(screen(), wire.base, task.id);
      await hand.shoot(screen(), 3);
      await kill();

      await open(true);
      await screen().getByRole('button', { name: /继续拜访/ }).click();
      await hand.finish(screen(), `第 ${round} 次，没有信号`);
      // Nobody stays five minutes in a test: the app says so, and the person leaves all the same.
      await watchDialog(screen());
      await screen().getByText('还没满').first().waitFor();
      await hand.press(screen(), '仍然签退');
      await hand.today(screen()).waitFor();
      assert.equal((await visitsAt(admin, shop)).length, 0, 'nothing has left the phone');

      // The signal is back, in two tabs at once, and the first answers are lost on the way.
      wire.cuts = 1 + (round % 4);
      const second = await phone.newPage();
      await phone.setOffline(false);
      await second.goto(`${wire.base}/m/`);
      const visit = await until(async () => {
        const [found, ...more] = await visitsAt(admin, shop);
        assert.equal(more.length, 0, 'one visit');
        const detail = found?.status === 'done' && await admin.get(`/api/v1/visits/${found.id}`);
        return detail && detail.photos.length === 3 && detail.photos.every((p) => p.status === 'stored') && detail;
      }, `round ${round} on the server`, 60_000);
      assert.equal(visit.summary, `第 ${round} 次，没有信号`);
      assert.deepEqual(visit.steps.map((s) => [s.status, s.value ?? null]), [['done', null], ['done', '有意向']]);
      // The camera of the test repeats its picture now and then: three photos may be two pictures, but never fewer photos.
      assert.equal(new Set(visit.photos.map((p) => p.id)).size, 3, 'three photos');
      for (const tab of [screen(), second]) await tab.getByRole('button', { name: /已同步/ }).first().waitFor({ timeout: 60_000 });
      assert.equal((await visitsAt(admin, shop)).length, 1, 'exactly once');
      await second.close();
      await kill();
    }
    assert.ok(wire.cut >= ROUNDS, `${wire.cut} answers were lost`);
    assert.deepEqual(faults, []);
    t.diagnostic(`${ROUNDS} rounds, ${ROUNDS * 3} photos, ${wire.cut} answers lost on the way`);
  });
}

async function visitsAt(admin, shop) {
  return (await admin.get(`/api/v1/visits?customer_id=${shop.id}&day_from=2020-01-01`)).items;
}

/** With reduced motion asked for, the dialog stands there at once: nothing about it moves. */
async function watchDialog(screen) {
  const dialog = screen.locator('.adm-center-popup-wrap');
  await dialog.waitFor();
  const [first, later] = await dialog.evaluate(async (box) => {
    const look = () => `${getComputedStyle(box).opacity} ${getComputedStyle(box).transform}`;
    const first = look();
    await new Promise((r) => setTimeout(r, 400));
    return [first, look()];
  });
  assert.equal(first, later, 'the dialog does not move');
}
