// The demo as somebody in a hurry meets it: broken off while it is being made and started again, reset by its own button,
// and stopped while a console is open.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { api, folder, listen, root, startServer, until } from './lib.mjs';

const binary = process.env.TASHI_BIN ?? path.join(root, 'target/debug/tashi');

test('the demo survives being broken off, reset and stopped', { timeout: 900_000 }, async (t) => {
  const data = folder();
  const hasty = spawn(binary, ['serve', '--data', data, '--listen', '127.0.0.1:0', '--demo', '--demo-days', '1'], { stdio: ['ignore', 'pipe', 'ignore'] });
  await new Promise((resolve, reject) => {
    hasty.stdout.on('data', (said) => String(said).includes('demo history') && resolve());
    hasty.once('exit', () => reject(new Error('it ended by itself')));
  });
  hasty.removeAllListeners('exit');
  const gone = new Promise((resolve) => hasty.once('exit', resolve));
  hasty.kill('SIGKILL');
  await gone;

  const server = await startServer('sqlite', null, ['--demo', '--demo-days', '0'], { data, store: ['--data', data] });
  t.after(() => server.stop());
  const accounts = () => {
    try {
      return JSON.parse(readFileSync(path.join(data, 'demo-accounts.json'), 'utf8'));
    } catch {
      return null;
    }
  };
  const first = accounts();
  const boss = (all) => all.tenants[0].accounts.find((a) => a.role === 'admin');
  const admin = await api(server.base).as(boss(first).login, boss(first).password);
  assert.ok((await admin.get('/api/v1/customers?count=true')).total >= 600, 'made whole at the second start');
  assert.equal(first.tenants.length, 2);

  await admin.post('/api/v1/demo/reset', {});
  const second = await until(() => {
    const now = accounts();
    return now && now.tenants[0].id !== first.tenants[0].id && now;
  }, 'the new demo', 400_000);
  await assert.rejects(admin.get('/api/v1/me'), { status: 401 });
  const again = await api(server.base).as(boss(second).login, boss(second).password);
  assert.ok((await again.get('/api/v1/customers?count=true')).total >= 600);

  const stream = await listen(server.base, again.token);
  await until(() => stream.heard().includes('event: hello'), 'the stream');
  const asked = Date.now();
  await server.stop();
  assert.ok(Date.now() - asked < 10_000, 'an open page does not hold the server up');
  await stream.close();
});
