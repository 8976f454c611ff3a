// What a person outside the team sees of its day: nothing, whichever way he asks.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { api } from './lib.mjs';
import { readSheet } from './sheet.mjs';
import { signIn } from './console.mjs';

/** Everything of the team that must not show: names, ids, and where its photos and reports lie. */
export async function secretsOf(manager, { day, rep, told, plan }) {
  const visits = (await manager.get(`/api/v1/visits?day_from=${day}&day_to=${day}`)).items;
  const details = await Promise.all(visits.map((v) => manager.get(`/api/v1/visits/${v.id}`)));
  const photos = details.flatMap((v) => v.photos.map((p) => p.id));
  const customers = plan.tasks.map((task) => task.customer.id);
  const words = [rep.name, rep.id, plan.id, ...told.customers.flatMap((c) => [c.name, c.contact, c.address]), ...customers, ...visits.map((v) => v.id), ...photos, ...plan.tasks.map((task) => task.id)];
  return { day, rep, plan, visits, photos, customers, tasks: plan.tasks.map((task) => task.id), words };
}

function clean(text, secrets, where) {
  const seen = secrets.words.filter((word) => text.includes(word));
  assert.deepEqual(seen, [], `${where} shows what it must not`);
}

/** By the API: lists are empty of it, single things are unknown, files and exports too. */
export async function blindByApi(base, login, secrets) {
  const other = await api(base).as(login);
  const { day, rep, plan, visits, photos, customers, tasks } = secrets;
  const ask = (path) => fetch(base + path, { headers: { authorization: `Bearer ${other.token}` } });
  const lists = [
    `/api/v1/visits?day_from=${day}`, `/api/v1/tasks?day_from=${day}`, `/api/v1/plans?day_from=${day}`, '/api/v1/live', '/api/v1/home', '/api/v1/customers', '/api/v1/customers/points',
    `/api/v1/reports/daily?day=${day}`, '/api/v1/employees', '/api/v1/notices', '/api/v1/trackers', '/api/v1/audit',
  ];
  for (const path of lists) {
    const answer = await ask(path);
    assert.ok([200, 403].includes(answer.status), `${login} ${path}: ${answer.status}`);
    clean(await answer.text(), secrets, `${login} ${path}`);
  }
  const things = [
    `/api/v1/tracks/${rep.id}/${day}`, `/api/v1/reports/daily/${rep.id}/${day}`, `/api/v1/employees/${rep.id}`, `/api/v1/plans/${plan.id}`, `/api/v1/tasks/${tasks[0]}`,
    `/api/v1/visits/${visits[0].id}`, `/api/v1/customers/${customers[0]}`, `/api/v1/customers/${customers[0]}/360`,
    ...photos.slice(0, 2).flatMap((id) => ['original', 'stamped', 'thumb'].map((size) => `/api/v1/photos/${id}/${size}`)),
  ];
  for (const path of things) {
    const answer = await ask(path);
    assert.ok([403, 404].includes(answer.status), `${login} ${path}: ${answer.status}`);
    clean(await answer.text(), secrets, `${login} ${path}`);
  }
  assert.ok(photos.length > 2, 'there were photos to ask for');
  const sheet = await ask(`/api/v1/reports/daily.xlsx?day=${day}`);
  assert.equal(sheet.status, 200);
  clean(JSON.stringify(readSheet(Buffer.from(await sheet.arrayBuffer()))), secrets, `${login}'s spreadsheet`);
}

/** By the screens: signed in at the console, each page is drawn and holds nothing of it; so do files opened by their address. */
export async function blindByScreen(page, base, login, secrets, others) {
  const { day, rep, plan, visits, photos, customers, tasks } = secrets;
  await signIn(page, base, login);
  const pages = [
    '/live', `/live?person=${rep.id}`, `/tracks?person=${rep.id}&day=${day}`, `/tasks?from=${day}&to=${day}`, `/tasks?task=${tasks[0]}`, `/planning?day=${day}&tab=plans&plan=${plan.id}`,
    `/visits?from=${day}&to=${day}`, `/visits/${visits[0].id}`, '/customers', `/customers/${customers[0]}`, `/reports?day=${day}`, `/reports?day=${day}&person=${rep.id}`, '/people', `/people?person=${rep.id}`, '/',
  ];
  let busy = 0;
  for (const path of pages) {
    await page.goto(base + path);
    await page.locator('main').waitFor();
    // Drawn to the end: nothing is being loaded any more, and stays so.
    const patience = Date.now() + 20_000;
    for (let calm = 0; calm < 4; calm = busy ? 0 : calm + 1) {
      assert.ok(Date.now() < patience, `${path} is never done loading`);
      await new Promise((r) => setTimeout(r, 100));
      busy = await page.locator('.bone, [aria-busy=true]').count();
    }
    clean(await page.locator('body').innerText(), secrets, `${login} ${path}`);
  }
  for (const id of photos.slice(0, 2)) {
    const answer = await page.goto(`${base}/api/v1/photos/${id}/stamped`);
    assert.equal(answer.status(), 404, 'a photo by its address');
  }
  await page.goto(`${base}/reports?day=${day}`);
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: '下载 Excel' }).click()]);
  const sheet = readSheet(readFileSync(await file.path()));
  clean(JSON.stringify(sheet), secrets, `${login}'s spreadsheet`);
  for (const name of others) assert.ok(JSON.stringify(sheet).includes(name), `${login} sees the own team: ${name}`);
}
