// Two servers on one PostgreSQL, one of them killed in the middle of mixed load, again and again: senders go on at the other one,
// what was acknowledged is there once, and what is done once for a company is done by the one that lives. ROUNDS=20 for a long run.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { connect, createServer } from 'node:net';
import { test } from 'node:test';
import { api, listen, root, startServer, until } from './lib.mjs';
import { foundCompany, mixedLoad, nothingLostOrDouble, nothingYet, somethingOfEveryKind } from './load.mjs';

const ROUNDS = Number(process.env.ROUNDS ?? 4);

async function startNats() {
  const program = execFileSync(`${root}/scripts/nats.sh`, ['path']).toString().trim();
  const port = await new Promise((done) => {
    const free = createServer().listen(0, '127.0.0.1', () => {
      const { port: found } = free.address();
      free.close(() => done(found));
    });
  });
  const child = spawn(program, ['-a', '127.0.0.1', '-p', `${port}`, '--user', 'tashi', '--pass', 'secret'], { stdio: 'ignore' });
  const answers = () => new Promise((done) => {
    const line = connect(port, '127.0.0.1', () => { line.destroy(); done(true); });
    line.on('error', () => done(false));
  });
  await until(answers, 'nats-server');
  return { url: `nats://tashi:secret@127.0.0.1:${port}`, stop: () => child.kill() };
}

test(`kill -9 of one of two nodes, ${ROUNDS} rounds`, { timeout: 180_000 + ROUNDS * 60_000 }, async (t) => {
  const nats = await startNats();
  const nodes = [];
  let load = null;
  let watch = null;
  t.after(async () => {
    await load?.stop().catch(() => undefined);
    await watch?.close();
    for (const node of nodes) await node.stop();
    nats.stop();
  });
  nodes.push(await startServer('postgres', null, ['--nats', nats.url]));
  const url = nodes[0].store[nodes[0].store.indexOf('--database-url') + 1];
  const rows = (text) => execFileSync('psql', [url, '-Atc', text]).toString().trim().split('\n').filter(Boolean);
  const names = () => rows('SELECT id FROM node');
  const name = async (known) => until(() => names().find((id) => !known.includes(id)), 'the name of the node');
  const called = [await name([])];
  nodes.push(await startServer('postgres', null, ['--nats', nats.url], nodes[0]));
  called.push(await name(called));

  const { shop } = await foundCompany(nodes[0]);
  const tokens = { admin: (await api(nodes[0].base).as('zhoumin')).token, rep: (await api(nodes[0].base).as('zhangwei')).token };
  const rep = (await api(nodes[0].base, tokens.rep).get('/api/v1/me')).employee.id;
  const acknowledged = nothingYet();
  // Every sender takes the nodes in turn, as behind a balancer that does not know which of them lives.
  let next = 0;
  const either = (token) => () => api(nodes[next++ % 2].base, token);
  load = mixedLoad(acknowledged, { shop, admin: either(tokens.admin), rep: either(tokens.rep) });

  // How long the company was without a node for what is done once, when the one that did it was killed.
  const handed = [];
  for (let round = 0; round < ROUNDS; round++) {
    await somethingOfEveryKind(acknowledged, load);
    const [holder] = await until(() => { const found = rows('SELECT holder FROM turn'); return called.includes(found[0]) && found; }, 'a turn', 40_000);
    // The one that does the company's work, and in every other round the one that does not.
    const victim = round % 2 === 0 ? called.indexOf(holder) : 1 - called.indexOf(holder);
    const stays = 1 - victim;
    await new Promise((r) => setTimeout(r, Math.random() * 900));
    await nodes[victim].kill();
    const begun = Date.now();
    await somethingOfEveryKind(acknowledged, load);
    await until(() => rows('SELECT holder FROM turn')[0] === called[stays], 'the turn of the node that lives', 40_000);
    if (round % 2 === 0) handed.push(Date.now() - begun);
    await nodes[victim].again();
    called[victim] = await name([...called]);
    // What one takes in the other tells its viewers again.
    watch = await listen(nodes[stays].base, tokens.admin);
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
    const task = { employee_id: rep, customer_id: shop, day: tomorrow, window: { from_minute: 0, to_minute: 1440 } };
    const { id } = await api(nodes[victim].base, tokens.admin).post('/api/v1/tasks', task);
    await until(() => watch.heard().includes(id), 'news of the node that is back');
    await watch.close();
  }
  await load.stop();
  for (const node of nodes) await nothingLostOrDouble(node.base, acknowledged);
  assert.ok(Math.max(...handed) < 30_000, `turns handed over: ${handed} ms`);
  t.diagnostic(`${acknowledged.customers.size} customers, ${acknowledged.visits.size} visits, ${acknowledged.fixes.size} fixes acknowledged; turn of a killed node taken after ${handed.map((ms) => (ms / 1000).toFixed(1)).join(', ')} s`);
});
