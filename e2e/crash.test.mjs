// Kills the server in the middle of mixed load, again and again: nothing acknowledged may be missing, nothing
// may be there twice, and it must be back within five seconds. ROUNDS=50 for the long run.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { api, startServer } from './lib.mjs';
import { foundCompany, mixedLoad, nothingLostOrDouble, nothingYet, somethingOfEveryKind } from './load.mjs';

const ROUNDS = Number(process.env.ROUNDS ?? 6);

for (const engine of (process.env.ENGINES ?? 'sqlite,postgres').split(',')) {
  test(`kill -9 on ${engine}, ${ROUNDS} rounds`, { timeout: 120_000 + ROUNDS * 40_000 }, async (t) => {
    const server = await startServer(engine);
    let load = null;
    t.after(async () => {
      await load?.stop().catch(() => undefined);
      await server.stop();
    });
    const { shop, person } = await foundCompany(server);
    const admin = await api(server.base).as('zhoumin');
    const rep = await api(server.base).as('zhangwei');
    const acknowledged = nothingYet(true);
    load = mixedLoad(acknowledged, { shop, person, admin: () => admin, rep: () => rep });
    let slowest = 0;
    for (let round = 0; round < ROUNDS; round++) {
      // Killed at any moment once something of every kind was acknowledged in this round.
      await somethingOfEveryKind(acknowledged, load);
      await new Promise((r) => setTimeout(r, Math.random() * 900));
      await server.kill();
      const begun = Date.now();
      await server.again();
      slowest = Math.max(slowest, Date.now() - begun);
    }
    await load.stop();
    assert.ok(slowest < 5000, `back within 5 s: ${slowest} ms`);
    await nothingLostOrDouble(server.base, acknowledged);
    t.diagnostic(`${acknowledged.customers.size} customers, ${acknowledged.visits.size} visits, ${acknowledged.photos.size} photos, ${acknowledged.fixes.size} fixes acknowledged; slowest restart ${slowest} ms`);
  });
}
