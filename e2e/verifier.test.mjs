// The verifier page as somebody without an account uses it: a saved file, opened without a network. It must say the same
// as `tashi proof verify` and the Python program of originals and of changed bundles.
import assert from 'node:assert/strict';
import { createHash, randomBytes, randomInt } from 'node:crypto';
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { test } from 'node:test';
import { PASSWORD, api, browser, folder, root, startServer } from './lib.mjs';

const binary = process.env.TASHI_BIN ?? path.join(root, 'target/debug/tashi');
const uuid7 = () => {
  const b = randomBytes(16);
  b.writeUIntBE(Date.now(), 0, 6);
  b[6] = (b[6] & 0x0f) | 0x70;
  b[8] = (b[8] & 0x3f) | 0x80;
  const h = b.toString('hex');
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-${h.slice(12, 16)}-${h.slice(16, 20)}-${h.slice(20)}`;
};

/** A small picture, made by the browser. */
async function picture(page) {
  const url = await page.evaluate(() => {
    const canvas = document.createElement('canvas');
    canvas.width = 320;
    canvas.height = 240;
    const pen = canvas.getContext('2d');
    for (let x = 0; x < 320; x += 8) { pen.fillStyle = `hsl(${x} 60% 50%)`; pen.fillRect(x, 0, 8, 240); }
    return canvas.toDataURL('image/jpeg', 0.9);
  });
  return Buffer.from(url.split(',')[1], 'base64');
}

test('a saved verifier page without network says what the other verifiers say', { timeout: 300_000 }, async (t) => {
  const server = await startServer('sqlite');
  t.after(() => server.stop());
  await api(server.base).post('/api/v1/setup', { company: '甲', time_zone: 'Asia/Shanghai', admin_name: '周敏', login: 'zhoumin', password: PASSWORD });
  const admin = await api(server.base).as('zhoumin');
  const token = (await api(server.base).post('/api/v1/auth/login', { login: 'zhoumin', password: PASSWORD })).token;
  const department = (await admin.get('/api/v1/departments')).items[0].id;
  const role = (await admin.get('/api/v1/roles')).items.find((r) => r.key === 'rep').id;
  await admin.post('/api/v1/employees', { name: '张伟', login: 'zhangwei', password: PASSWORD, role_id: role, department_id: department });
  const rep = await api(server.base).as('zhangwei');
  const me = (await rep.get('/api/v1/me')).employee;
  const step = { title: '门头照', kind: 'photo', mandatory: true, min: 1 };
  const template = await admin.post('/api/v1/task-templates', { name: '拜访', kind: 'visit', min_stay_s: 0, steps: [step] });
  const customer = await admin.post('/api/v1/customers', { name: '苏福便利', at: [118.79, 32.05], owner_id: me.id });
  const day = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format(new Date());
  const task = await admin.post('/api/v1/tasks', { id: uuid7(), employee_id: me.id, customer_id: customer.id, template_id: template.id, day, window: { from_minute: 0, to_minute: 1440 } });
  const kept = (await admin.post('/api/v1/ledger/checkpoints')).note;

  const context = await browser({ profile: folder() });
  t.after(() => context.close());
  const page = await context.newPage();
  const photo = await picture(page);
  const [visit, photoId, now] = [uuid7(), uuid7(), new Date().toISOString()];
  const sha256 = createHash('sha256').update(photo).digest('hex');
  const item = (kind, body) => ({ id: uuid7(), kind, at: now, body });
  const fix = { at: [118.79, 32.05], accuracy_m: 8, t: now };
  const stepId = task.steps[0].id;
  const { receipts } = await rep.post('/api/v1/field/sync', {
    device_id: 'e2e',
    items: [
      item('visit.check_in', { visit_id: visit, customer_id: customer.id, task_id: task.id, fix, offline: false }),
      item('visit.photo', { visit_id: visit, step_id: stepId, photo_id: photoId, sha256, size: photo.length, mime: 'image/jpeg', width: 320, height: 240, taken_at: now, fix, live: true }),
      item('visit.step', { visit_id: visit, step_id: stepId, status: 'done', photo_ids: [photoId] }),
      item('visit.check_out', { visit_id: visit, fix }),
    ],
  });
  assert.deepEqual(receipts.map((r) => r.status), Array(4).fill('accepted'), JSON.stringify(receipts));
  const repToken = (await api(server.base).post('/api/v1/auth/login', { login: 'zhangwei', password: PASSWORD })).token;
  await rep.post('/api/v1/uploads', { id: photoId, size: photo.length, sha256, mime: 'image/jpeg' });
  const sent = await fetch(`${server.base}/api/v1/uploads/${photoId}`, {
    method: 'PATCH', body: photo, headers: { authorization: `Bearer ${repToken}`, 'upload-offset': '0', 'content-type': 'application/octet-stream' },
  });
  assert.equal(sent.status, 200);
  const get = async (url) => Buffer.from(await (await fetch(server.base + url, { headers: { authorization: `Bearer ${token}` } })).arrayBuffer());

  const desk = folder();
  const at = (name) => path.join(desk, name);
  writeFileSync(at('verifier.html'), await get('/verify/verifier.html'));
  writeFileSync(at('verify.py'), await get('/verify/verify.py'));
  writeFileSync(at('kept.txt'), kept);
  const bundles = { visit: await get(`/api/v1/ledger/bundles/visits/${visit}`), log: await get('/api/v1/ledger/bundles/log') };
  for (const [name, bytes] of Object.entries(bundles)) writeFileSync(at(`${name}.zip`), bytes);
  await server.stop();
  await context.setOffline(true);
  await page.goto(pathToFileURL(at('verifier.html')).href);

  // As a person sees it.
  await page.setInputFiles('#bundle', at('visit.zip'));
  await page.getByText('自洽 Self-consistent').waitFor();
  await page.setInputFiles('#outside', at('kept.txt'));
  await page.getByText('成立 Holds').waitFor();
  await page.locator('.photos img').waitFor();
  const broken = Buffer.from(bundles.visit);
  broken[broken.indexOf(photo.subarray(0, 64)) + 1000] ^= 1;
  writeFileSync(at('broken.zip'), broken);
  await page.setInputFiles('#bundle', at('broken.zip'));
  await page.getByText('不成立 Does not hold').waitFor();
  assert.match(await page.locator('#verdict').innerText(), new RegExp(`files/${photoId.replaceAll('-', '')}.jpg`));
  if (process.env.SHOTS) {
    mkdirSync(process.env.SHOTS, { recursive: true });
    await page.screenshot({ path: path.join(process.env.SHOTS, 'verifier-bad.png'), fullPage: true });
    await page.setInputFiles('#bundle', at('visit.zip'));
    await page.getByText('成立 Holds').waitFor();
    await page.screenshot({ path: path.join(process.env.SHOTS, 'verifier-good.png'), fullPage: true });
  }

  // All three say the same of a hundred changed bundles, word by word.
  const verdict = (bytes) => page.evaluate(([data, outside]) => {
    const decode = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
    return globalThis.tashiVerdict(decode(data), decode(outside));
  }, [bytes.toString('base64'), Buffer.from(kept).toString('base64')]);
  const python = (names) => spawnSync('python3', [at('verify.py'), ...names.map(at), '--checkpoint', at('kept.txt')]).stdout.toString()
    .split('\n').filter((l) => l.startsWith('OK ') || l.startsWith('FAULT ')).map((l) => (l.startsWith('OK') ? 'OK' : l.split('.zip: ')[1]));
  for (const name of ['visit', 'log']) assert.equal(await verdict(bundles[name]), 'OK');
  const names = [], said = [];
  for (let k = 0; k < 100; k++) {
    const original = bundles[k % 2 ? 'visit' : 'log'];
    let changed = Buffer.from(original);
    if (k % 5 === 0) changed = changed.subarray(0, randomInt(changed.length));
    else changed[randomInt(changed.length)] ^= 1 << randomInt(8);
    names.push(`t${k}.zip`);
    writeFileSync(at(`t${k}.zip`), changed);
    said.push(await verdict(changed));
    assert.notEqual(said[k], 'OK', `tampering ${k}`);
  }
  assert.deepEqual(python(['visit.zip', 'log.zip', ...names]), ['OK', 'OK', ...said]);
  for (const [k, name] of names.entries()) {
    if (k % 10) continue;
    const run = spawnSync(binary, ['proof', 'verify', at(name), '--checkpoint', at('kept.txt')]);
    assert.equal(run.status, 1);
    const [item, what] = /^(.*) \[(.*)\]$/.exec(said[k]).slice(1);
    assert.ok(run.stderr.toString().includes(`${item}: `) && run.stderr.toString().includes(`[${what}]`), `${run.stderr} vs ${said[k]}`);
  }
  const good = execFileSync(binary, ['proof', 'verify', at('visit.zip'), '--checkpoint', at('kept.txt')]).toString();
  assert.match(good, /Agrees with the checkpoint from outside/);
  mkdirSync(at('unpacked'));
  copyFileSync(at('visit.zip'), at('unpacked.zip'));
  execFileSync('python3', ['-m', 'zipfile', '-e', at('unpacked.zip'), at('unpacked')]);
  assert.match(execFileSync(binary, ['proof', 'verify', at('unpacked')]).toString(), /Self-consistent only/);
  assert.deepEqual(context.faults, []);
  assert.ok(readFileSync(at('visit.zip')).equals(bundles.visit));
});
