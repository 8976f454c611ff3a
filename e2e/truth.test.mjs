// A day of truth in real browsers: an honest visit is green; each listed attack gives its finding and reason to the manager's
// console and to the person's phone, the same on both; one wrong flag is contested on the phone and cleared in the console.
//   ENGINES=sqlite  one engine   ·   SHOTS=dir  keeps a picture of every card
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { PASSWORD, api, axe, browser, folder, startServer, until } from './lib.mjs';
import * as hand from './phone.mjs';

const DAY = '2027-11-19'; // a Friday
const at = (time) => Date.parse(`${DAY}T${time}:00+08:00`);
const iso = (ms) => new Date(ms).toISOString();
const MIN = 60_000;
const SHOP = [118.79, 32.05];
/** A place so many metres north of another, on the ellipsoid at this latitude. */
const north = ([lng, lat], metres) => [lng, lat + metres / 110_888];
/** Never said to anybody. */
const NEVER = /疑似|作弊|造假|嫌疑|suspect|cheat|fraud/i;

const uuid7 = () => {
  const b = randomBytes(16);
  b.writeUIntBE(Date.now(), 0, 6);
  b[6] = (b[6] & 0x0f) | 0x70;
  b[8] = (b[8] & 0x3f) | 0x80;
  const h = b.toString('hex');
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-${h.slice(12, 16)}-${h.slice(16, 20)}-${h.slice(20)}`;
};

/** A picture nobody else has, made by the browser. */
async function picture(page, seed) {
  const url = await page.evaluate((hue) => {
    const canvas = document.createElement('canvas');
    canvas.width = 640;
    canvas.height = 480;
    const pen = canvas.getContext('2d');
    let state = hue + 1;
    const dice = (n) => { state = (state * 1_103_515_245 + 12_345) % 2_147_483_648; return Math.floor((state / 2_147_483_648) * n); };
    for (let k = 0; k < 90; k++) { pen.fillStyle = `hsl(${dice(360)} 55% ${20 + dice(60)}%)`; pen.fillRect(dice(600), dice(440), 20 + dice(150), 20 + dice(120)); }
    return canvas.toDataURL('image/jpeg', 0.9);
  }, seed * 47);
  return Buffer.from(url.split(',')[1], 'base64');
}

/** The same picture cut, turned in a mirror, smaller and saved anew. */
async function disguised(page, bytes) {
  const url = await page.evaluate(async (base64) => {
    const image = new Image();
    image.src = `data:image/jpeg;base64,${base64}`;
    await image.decode();
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [420, 320];
    const pen = canvas.getContext('2d');
    pen.scale(-1, 1);
    pen.drawImage(image, 50, 20, 570, 430, -420, 0, 420, 320);
    return canvas.toDataURL('image/jpeg', 0.6);
  }, bytes.toString('base64'));
  return Buffer.from(url.split(',')[1], 'base64');
}

/** A company with a rep, his manager, a colleague, and a shop for each visit of the day. */
async function scene(server) {
  const stranger = api(server.base);
  await stranger.post('/api/v1/setup', { company: '惠民饮品', time_zone: 'Asia/Shanghai', admin_name: '周敏', login: 'zhoumin', password: PASSWORD });
  const admin = await stranger.as('zhoumin');
  const department = (await admin.get('/api/v1/departments')).items[0].id;
  const roles = Object.fromEntries((await admin.get('/api/v1/roles')).items.map((r) => [r.key, r.id]));
  const mover = await admin.post('/api/v1/roles', { name: '外勤（可改客户）', permissions: ['customer.read', 'customer.write', 'task.read', 'visit.read', 'field.work'], reach: 'own' });
  const person = async (name, login, role) => (await admin.post('/api/v1/employees', { name, login, password: PASSWORD, role_id: role, department_id: department })).employee;
  const rep = await person('张伟', 'zhangwei', mover.id);
  await person('李娜', 'lina', roles.rep);
  await person('陈静', 'chenjing', roles.manager);
  const signer = await person('王芳', 'wangfang', roles.rep);
  const template = await admin.post('/api/v1/task-templates', {
    name: '门店拜访', kind: 'visit', min_stay_s: 300,
    steps: [{ title: '门头照', kind: 'photo', min: 1, max: 3 }, { title: '采购意向', kind: 'choice', options: ['高', '中', '低'] }, { title: '陈列', kind: 'choice', options: ['好', '一般'] }],
  });
  const task = async (name) => {
    const customer = await admin.post('/api/v1/customers', { name, grade: 'B', at: SHOP, owner_id: rep.id, address: '中山路 88 号' });
    const made = await admin.post('/api/v1/tasks', { id: uuid7(), employee_id: rep.id, customer_id: customer.id, template_id: template.id, day: DAY, window: { from_minute: 540, to_minute: 1080 } });
    return { customer, ...made };
  };
  return { admin, rep, signer, template, task, signs: await stranger.as('wangfang'), hand: await stranger.as('zhangwei'), mate: await stranger.as('lina'), token: (await stranger.post('/api/v1/auth/login', { login: 'zhangwei', password: PASSWORD })).token };
}

for (const engine of (process.env.ENGINES ?? 'sqlite,postgres').split(',')) {
  test(`the day of truth on ${engine}`, { timeout: 600_000 }, async (t) => {
    const server = await startServer(engine, iso(at('08:30')));
    // The server reads its clock from a file a moment later: records wait for it.
    const setTime = async (time) => {
      server.setTime(time);
      await until(async () => Math.abs(Date.parse((await s.admin.get('/api/v1/me')).server_time) - Date.parse(time)) < 10_000, `the time ${time}`);
    };
    const clock = (time) => setTime(iso(at(time)));
    const desk = await browser({ profile: folder(), still: true });
    const phone = await browser({ profile: folder(), phone: true, still: true, place: { longitude: SHOP[0], latitude: SHOP[1], accuracy: 8 } });
    t.after(async () => {
      await desk.close();
      await phone.close();
      await server.stop();
    });
    const s = await scene(server);
    const page = desk.pages()[0];
    const screen = phone.pages()[0];
    const shot = async (who, name) => {
      if (!process.env.SHOTS) return;
      mkdirSync(process.env.SHOTS, { recursive: true });
      await who.screenshot({ path: path.join(process.env.SHOTS, `truth-${engine}-${name}.png`) });
    };
    const clean = async (who, name) => {
      const words = await who.locator('body').innerText();
      assert.ok(!NEVER.test(words), `${name}: ${words.match(NEVER)}`);
    };

    const item = (kind, ms, body) => ({ id: uuid7(), kind, at: iso(ms), body });
    const sync = async (who, items, device = 'phone-1') => (await who.post('/api/v1/field/sync', { device_id: device, items })).receipts;
    const sent = async (items, device) => {
      for (const receipt of await sync(s.hand, items, device)) assert.equal(receipt.status, 'accepted', JSON.stringify(receipt));
    };
    const upload = async (id, bytes) => {
      await s.hand.post('/api/v1/uploads', { id, size: bytes.length, sha256: sha(bytes), mime: 'image/jpeg' });
      const answer = await fetch(`${server.base}/api/v1/uploads/${id}`, { method: 'PATCH', body: bytes, headers: { authorization: `Bearer ${s.token}`, 'upload-offset': '0', 'content-type': 'application/octet-stream' } });
      assert.equal(answer.status, 200);
    };
    const sha = (bytes) => createHash('sha256').update(bytes).digest('hex');
    let seed = 0;
    /** A whole visit as the phone records it, brought at its end; `pace` is the seconds between two steps. */
    const visit = async (task, from, { place = SHOP, bytes = null, pace = 120, stay = 25, said = 0, before = null } = {}) => {
      const [id, photo] = [uuid7(), uuid7()];
      const begin = at(from) + said;
      const image = bytes ?? (await picture(page, ++seed));
      const fix = (ms) => ({ at: place, accuracy_m: 8, t: iso(ms) });
      const step = (k) => task.steps[k].id;
      await clock(from);
      const { nonce } = await s.hand.get('/api/v1/field/snapshot');
      const s1 = begin + pace * 1000;
      await setTime(iso(at(from) + (said ? 0 : stay * MIN + 30_000)));
      await before?.();
      await sent([
        item('visit.check_in', begin, { visit_id: id, task_id: task.id, customer_id: task.customer.id, fix: fix(begin), offline: true, nonce }),
        item('visit.photo', s1, { visit_id: id, step_id: step(0), photo_id: photo, sha256: sha(image), size: image.length, mime: 'image/jpeg', width: 640, height: 480, taken_at: iso(s1), fix: fix(s1), live: true }),
        item('visit.step', s1, { visit_id: id, step_id: step(0), status: 'done', photo_ids: [photo], started_at: iso(begin) }),
        item('visit.step', s1 + pace * 1000, { visit_id: id, step_id: step(1), status: 'done', value: '高' }),
        item('visit.step', s1 + 2 * pace * 1000, { visit_id: id, step_id: step(2), status: 'done', value: '好' }),
        item('visit.summary', begin + (stay - 1) * MIN, { visit_id: id, text: '首单意向 20 箱' }),
        item('visit.check_out', begin + stay * MIN, { visit_id: id, fix: fix(begin + stay * MIN) }),
      ]);
      await upload(photo, image);
      return { id, bytes: image };
    };
    /** The card of a visit as each side sees it: the same findings in the same words, and what is expected of it. */
    const both = async (name, id, { band, code = null, words = null, extra = [] }) => {
      const own = await s.hand.get(`/api/v1/me/visits/${id}/truth`);
      assert.equal(own.band, band, `${name}: ${JSON.stringify(own.findings)}`);
      assert.deepEqual(own.findings.map((f) => f.code).filter((c) => !extra.includes(c)), code ? [code] : [], name);
      const finding = own.findings.find((f) => f.code === code);
      await page.goto(`${server.base}/visits/${id}`);
      await screen.goto(`${server.base}/m/truth/${id}`);
      for (const who of [page, screen]) {
        if (finding) {
          await who.getByText(finding.title, { exact: true }).first().waitFor();
          await who.getByText(words).first().waitFor();
          for (const cause of finding.causes) await who.getByText(cause).first().waitFor();
        } else await who.getByText('查过，没有问题').waitFor();
        await clean(who, name);
      }
      await shot(page, `${name}-console`);
      await shot(screen, `${name}-phone`);
      return finding;
    };

    // Both sides sign in; the person agrees to what is collected, which a tracker needs.
    await page.goto(`${server.base}/login`);
    await page.getByLabel(/登录名|账号/).fill('chenjing');
    await page.locator('input[type=password]').fill(PASSWORD);
    await page.getByRole('button', { name: '登录' }).click();
    await page.waitForURL((url) => !url.pathname.startsWith('/login'));
    await screen.goto(`${server.base}/m/`);
    await screen.getByLabel('账号').fill('zhangwei');
    await screen.getByLabel('密码', { exact: true }).fill(PASSWORD);
    await screen.getByRole('button', { name: '登录' }).click();
    await screen.getByRole('button', { name: '同意并开始' }).click();

    await t.test('an honest visit is green on both sides', async () => {
      const good = await visit(await s.task('苏福便利'), '09:00');
      await both('honest', good.id, { band: 'green' });
      const card = await s.hand.get(`/api/v1/me/visits/${good.id}/truth`);
      assert.deepEqual([card.grade, card.visit.effective], ['C', true]);
      s.first = good;
    });

    await t.test('900 m away reaches the manager by itself, and the person first', async () => {
      await page.goto(`${server.base}/truth`);
      await page.getByText('没有等待处理的疑点').waitFor();
      const task = await s.task('石鼓烟酒');
      const sending = visit(task, '09:40', { place: north(SHOP, 900) });
      await page.getByRole('navigation', { name: '疑点列表' }).getByText('签到点在围栏外').waitFor();
      const away = await sending;
      await page.getByRole('button', { name: /1 条未读/ }).waitFor();
      const found = (await s.hand.get('/api/v1/me/findings')).items[0];
      await page.getByText(/签到点距客户 90\d 米/).waitFor();
      assert.deepEqual(await axe(page), []);
      await clean(page, 'inbox');
      await shot(page, 'inbox');
      s.away = away.id;
      s.finding = found.id;
      await both('away', away.id, { band: 'red', code: 'OUT_OF_RANGE', words: /签到点距客户 90\d 米，围栏半径/ });
    });

    await t.test('a photo used before is shown beside the earlier one', async () => {
      const again = await visit(await s.task('城南批发'), '10:20', { bytes: s.first.bytes });
      const finding = await both('photo', again.id, { band: 'red', code: 'PHOTO_DUP', words: '1 张照片与以前的拜访所用照片完全相同。' });
      assert.equal(finding.photos[0].earlier_visit_id, s.first.id);
      await page.goto(`${server.base}/truth?finding=${finding.id}`);
      const pair = page.locator('.truth-pair img');
      await until(async () => (await pair.evaluateAll((all) => all.filter((i) => i.naturalWidth > 0).length)) === 2, 'both pictures in the console');
      await shot(page, 'photo-pair');
      await screen.locator('figure img').nth(1).waitFor();
    });

    await t.test('a photo cut, mirrored, scaled and saved anew is found too', async () => {
      const again = await visit(await s.task('玄武湖小卖部'), '10:46', { stay: 8, pace: 30, bytes: await disguised(page, s.first.bytes) });
      const near = async () => (await s.hand.get(`/api/v1/me/visits/${again.id}/truth`)).findings.some((f) => f.code === 'PHOTO_NEAR');
      await until(near, 'the picture is compared');
      const finding = await both('photo-near', again.id, { band: 'amber', code: 'PHOTO_NEAR', words: /1 张照片与以前拜访的照片几乎相同/ });
      assert.deepEqual([finding.photos[0].earlier_visit_id, finding.photos[0].mirrored], [s.first.id, true]);
      await page.goto(`${server.base}/truth?finding=${finding.id}`);
      for (const who of [page, screen]) await who.getByText(/相似度 \d+ %·左右翻转/).first().waitFor();
      await shot(page, 'photo-near-pair');
    });

    await t.test('this phone signs, and another one waits for the manager', async () => {
      await screen.goto(`${server.base}/m/me/devices`);
      await screen.getByText('给记录签名的手机').waitFor();
      await screen.getByText(/已获准·签名 \d+ 次/).waitFor();
      const mine = (await s.hand.get('/api/v1/me/device-keys')).items;
      assert.equal(mine.length, 1);
      await until(async () => (await s.hand.get('/api/v1/me/device-keys')).items[0].seals > 0, 'the phone has signed what it sent');
      const { publicKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']);
      const point = Buffer.from(await crypto.subtle.exportKey('raw', publicKey)).toString('base64url');
      const other = await s.hand.post('/api/v1/me/device-keys', { id: uuid7(), public_key: point, device_id: 'phone-3', name: '新手机 Chrome' });
      assert.equal(other.status, 'waiting');
      await page.goto(`${server.base}/truth?view=phones`);
      await page.getByText('张伟·新手机 Chrome').waitFor();
      assert.deepEqual(await axe(page), []);
      await shot(page, 'phones');
      await page.getByRole('button', { name: '确认是他的' }).click();
      await page.getByText('等待确认').waitFor({ state: 'detached' });
      await screen.reload();
      await screen.getByText('新手机 Chrome').waitFor();
      assert.equal(await screen.getByText('等主管确认').count(), 0);
      assert.deepEqual(await axe(screen), []);
      await shot(screen, 'devices');
    });

    await t.test('a second person on the phone', async () => {
      await clock('10:55');
      await sync(s.mate, [item('notice.read', at('10:55'), { notice_id: uuid7() })], 'phone-2');
      const id = uuid7();
      const task = await s.task('丁家桥超市');
      await clock('11:01');
      await sent([item('visit.check_in', at('11:00'), { visit_id: id, task_id: task.id, customer_id: task.customer.id, fix: { at: SHOP, accuracy_m: 8, t: iso(at('11:00')) }, offline: false })], 'phone-2');
      await both('second-person', id, { band: 'red', code: 'DEVICE_SECOND_PERSON', words: '这台手机 6 分钟前还在为另一位同事记录。' });
      await clock('11:21');
      await sent([item('visit.check_out', at('11:20'), { visit_id: id, fix: { at: SHOP, accuracy_m: 8, t: iso(at('11:20')) } })], 'phone-1');
    });

    await t.test('a customer moved to fit', async () => {
      const task = await s.task('板桥副食');
      const there = north(SHOP, 1500);
      await clock('11:25');
      const before = await s.hand.get(`/api/v1/customers/${task.customer.id}`);
      await s.hand.patch(`/api/v1/customers/${task.customer.id}`, before.version, { at: there });
      const moved = await visit(task, '11:40', { place: there });
      await both('customer-moved', moved.id, { band: 'red', code: 'CUSTOMER_MOVED', words: /本人把客户位置移到现在的地方/ });
    });

    await t.test('steps in a hurry ask, and take nothing away', async () => {
      const fast = await visit(await s.task('仙鹤便利'), '13:00', { pace: 1 });
      await both('hurried', fast.id, { band: 'amber', code: 'STEPS_HURRIED', words: /3 个步骤在 [\d.]+ 秒内全部完成。/ });
      assert.equal((await s.hand.get(`/api/v1/me/visits/${fast.id}/truth`)).visit.effective, true);
    });

    await t.test('the mock flag of the system', async () => {
      const { secret } = await s.admin.post('/api/v1/trackers', { employee_id: s.rep.id, name: '张伟的手机', kind: 'traccar' });
      const flagged = async () => {
        for (let k = 0; k < 12; k++) {
          const answer = await fetch(`${server.base}/t/${secret}?id=x&lat=${SHOP[1]}&lon=${SHOP[0]}&timestamp=${(at('14:31') + k * MIN) / 1000}&accuracy=8&mock=1`);
          assert.equal(answer.status, 200);
        }
      };
      const mock = await visit(await s.task('和记副食'), '14:31', { stay: 12, before: flagged });
      const card = await s.hand.get(`/api/v1/me/visits/${mock.id}/truth`);
      assert.equal(card.grade, 'B', 'a tracker passes the flags of the system on');
      await both('mock', mock.id, { band: 'red', code: 'MOCK', words: /手机系统把 1\d 个定位标记为模拟来源/ });
    });

    await t.test('a clock that was moved', async () => {
      const ahead = await visit(await s.task('福满便利'), '15:00', { said: 40 * MIN });
      await both('clock', ahead.id, { band: 'red', code: 'CLOCK_MOVED', words: /手机时间与服务器时间相差 \d+ 秒/, extra: ['STEPS_HURRIED', 'SHORT_VISIT'] });
    });

    await t.test('a wrong flag is contested on the phone and cleared in the console', async () => {
      await clock('16:30');
      await screen.goto(`${server.base}/m/truth`);
      await screen.getByText('签到点在围栏外').click();
      await screen.getByText(/签到点距客户 90\d 米/).waitFor();
      assert.deepEqual(await axe(screen), []);
      // Nobody is judged unheard.
      await page.goto(`${server.base}/truth?finding=${s.finding}`);
      await page.getByLabel('理由（本人会看到）').fill('先等他说明');
      assert.ok(await page.getByRole('button', { name: '确认', exact: true }).isDisabled());
      await page.getByText(/要确认，请等本人说明/).waitFor();

      await screen.getByRole('button', { name: '我来说明' }).click();
      await screen.getByRole('radio', { name: '客户位置标错' }).click();
      await screen.getByLabel('补充说明（选填）').fill('店在马路对面的新楼');
      await shot(screen, 'answering');
      await screen.getByRole('button', { name: '提交说明' }).click();
      await screen.getByText('已说明，等主管').waitFor();

      await page.getByText('店在马路对面的新楼').waitFor();
      await page.getByLabel('理由（本人会看到）').fill('已电话核实搬迁');
      assert.ok(await page.getByRole('button', { name: '确认', exact: true }).isEnabled());
      await page.getByRole('button', { name: '排除，拜访照常计入' }).click();
      await page.getByText(/结论：排除/).waitFor();
      await shot(page, 'decided');
      // The phone hears of it by itself.
      await screen.getByText(/结论：排除/).waitFor();
      await screen.getByText('已电话核实搬迁').waitFor();
      await screen.getByText('没有疑点').waitFor();
      await shot(screen, 'cleared');
      assert.equal((await s.hand.get('/api/v1/me/findings?status=cleared')).items[0].id, s.finding);
      const receipts = (await s.hand.get('/api/v1/me/receipts?limit=200')).items.filter((r) => r.subject_id === s.away && r.kind.startsWith('finding.')).map((r) => r.kind);
      assert.deepEqual(receipts.sort(), ['finding.answered', 'finding.decided', 'finding.found'], 'entries of the log, with a signed receipt each');
      const looked = (await s.hand.get('/api/v1/me/ledger?limit=200')).items;
      assert.ok(looked.some((l) => l.what === 'finding'), 'who opened it stands in his ledger');
    });

    await t.test('numbers are about rules, and the company may block', async () => {
      await page.goto(`${server.base}/truth?view=numbers`);
      await page.getByText('结论不足 20 条，暂不判断').first().waitFor();
      assert.ok(!(await page.locator('.truth-main').innerText()).includes('张伟'), 'statistics name no people');
      assert.deepEqual(await axe(page), []);
      await shot(page, 'numbers');
      const kept = await s.admin.get('/api/v1/truth/rules');
      const put = await fetch(`${server.base}/api/v1/truth/rules`, { method: 'PUT', headers: { authorization: `Bearer ${s.admin.token}`, 'content-type': 'application/json', 'if-match': `"${kept.version}"` }, body: JSON.stringify({ ...kept.rules, out_of_range: 'block' }) });
      assert.equal(put.status, 200);
      await page.goto(`${server.base}/truth?view=rules`);
      assert.equal(await page.getByRole('radiogroup', { name: '签到点在围栏外' }).getByRole('radio', { name: '不让签到' }).getAttribute('aria-checked'), 'true');
      assert.deepEqual(await axe(page), []);
      await shot(page, 'rules');
      const task = await s.task('龙门生鲜');
      await clock('16:40');
      const [receipt] = await sync(s.hand, [item('visit.check_in', at('16:40'), { visit_id: uuid7(), task_id: task.id, customer_id: task.customer.id, fix: { at: north(SHOP, 900), accuracy_m: 8, t: iso(at('16:40')) }, offline: false })]);
      assert.deepEqual([receipt.status, receipt.code], ['rejected', 'truth.blocked']);
      assert.match(receipt.detail, /签到点距客户 90\d 米.*请核对后再试/);
    });

    await t.test('a phone that signs says when it was, an hour later', async () => {
      await clock('17:00');
      const task = await s.admin.post('/api/v1/tasks', { id: uuid7(), employee_id: s.signer.id, customer_id: (await s.admin.post('/api/v1/customers', { name: '签名便利', grade: 'B', at: SHOP, owner_id: s.signer.id })).id, template_id: s.template.id, day: DAY, window: { from_minute: 540, to_minute: 1200 } });
      const hers = await browser({ profile: folder(), phone: true, still: true, place: { longitude: SHOP[0], latitude: SHOP[1], accuracy: 8 }, time: at('17:00') });
      try {
        const own = hers.pages()[0];
        await hand.signIn(own, server.base, 'wangfang');
        await own.getByRole('button', { name: '同意并开始' }).click();
        await hand.today(own).waitFor();
        await own.evaluate(() => navigator.serviceWorker.ready.then(() => true));
        await own.reload();
        await hand.today(own).waitFor();
        await own.goto(`${server.base}/m/check-in/${task.id}`);
        await own.getByText('在范围内，可以签到').waitFor();
        await hers.setOffline(true);
        await hand.press(own, /^签到/);
        await own.waitForURL(/\/visit\//);
        await until(() => own.evaluate(() => new Promise((done) => {
          const open = indexedDB.open('tashi-field');
          open.onsuccess = () => {
            const count = open.result.transaction('seals').objectStore('seals').count();
            count.onsuccess = () => { open.result.close(); done(count.result > 0); };
          };
        })), 'the check-in to be sealed without a network');
        await hers.clock.fastForward(3_600_000);
        await clock('18:01');
        await hers.setOffline(false);
        await until(async () => (await s.signs.get('/api/v1/field/snapshot')).open_visit, 'the check-in to arrive');
        const { open_visit } = await s.signs.get('/api/v1/field/snapshot');
        const card = await s.signs.get(`/api/v1/me/visits/${open_visit.id}/truth`);
        assert.deepEqual([card.findings.map((f) => f.code), card.seals.sealed, card.seals.failed, card.seals.unsigned], [[], 1, 0, 0], JSON.stringify(card));
        const [from, to] = card.taken_between.map((time) => Date.parse(time));
        assert.ok(from >= at('17:00') && from < at('17:05'), `not before ${card.taken_between[0]}`);
        assert.ok(to < at('18:05'), `not after ${card.taken_between[1]}`);
        await own.goto(`${server.base}/m/truth/${open_visit.id}`);
        await own.getByText('1 条记录有本机签名').waitFor();
        await own.getByText(/签到时间确定在 17:0\d:\d\d 到/).waitFor();
        await shot(own, 'signed-phone');
        await page.goto(`${server.base}/visits/${open_visit.id}`);
        await page.getByText('1 条记录有手机签名').waitFor();
        await page.getByText(/由本人已获准的手机签名，顺序完整/).waitFor();
        await shot(page, 'signed-console');
        assert.deepEqual(hers.faults, []);
      } finally {
        await hers.close();
      }
    });

    assert.deepEqual([...desk.faults, ...phone.faults], [], 'no page error, no 5xx');
  });
}
