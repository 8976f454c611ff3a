// How most stories begin: a server on a fresh store, a desk and a phone, a company whose day has no end, somebody who works for it
// and a shop he looks after.
import { mkdirSync } from 'node:fs';
import { PASSWORD, api, browser, folder, startServer, steps } from './lib.mjs';
import * as hand from './phone.mjs';

export const PLACE = [118.79, 32.05];

/**
 * The stage of a story on the test `t`. `shot(name)` keeps a picture of the desk, or of another screen, where SHOTS names a folder.
 */
export async function begin(t, story, engine) {
  const server = await startServer(engine);
  const { base } = server;
  const office = await browser({ profile: folder() });
  const phone = await browser({ profile: folder(), phone: true, still: true, place: { longitude: PLACE[0], latitude: PLACE[1], accuracy: 8 } });
  t.after(async () => {
    await phone.close();
    await office.close();
    await server.stop();
  });
  const [page, screen] = [office.pages()[0], phone.pages()[0]];
  const shot = async (name, where = page) => {
    if (!process.env.SHOTS) return;
    mkdirSync(process.env.SHOTS, { recursive: true });
    await where.screenshot({ path: `${process.env.SHOTS}/${story}-${engine}-${name}.png` });
  };
  return { base, office, phone, page, screen, shot, step: steps(t, `${story}-${engine}`, () => ({ desk: page, phone: screen })) };
}

/** The company, set up by the API: its administrator, 张伟 who works outside at any hour, and his shop. */
export async function company(base) {
  await api(base).post('/api/v1/setup', { company: '惠民饮品', time_zone: 'Asia/Shanghai', admin_name: '周敏', login: 'zhoumin', password: PASSWORD });
  const admin = await api(base).as('zhoumin');
  const root = (await admin.get('/api/v1/departments')).items[0].id;
  const roles = Object.fromEntries((await admin.get('/api/v1/roles')).items.map((r) => [r.key, r.id]));
  const calendar = await admin.post('/api/v1/calendars', { name: '全天', shifts: [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, from_minute: 0, to_minute: 1440 })) });
  const person = async (name, login, role, department_id = root) =>
    (await admin.post('/api/v1/employees', { name, login, password: PASSWORD, role_id: roles[role], department_id, calendar_id: calendar.id })).employee.id;
  const rep = await person('张伟', 'zhangwei', 'rep');
  const shop = await admin.post('/api/v1/customers', { name: '苏福便利', grade: 'A', at: PLACE, owner_id: rep });
  const today = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Shanghai' }).format(new Date((await admin.get('/api/v1/me')).server_time));
  return { admin, root, roles, person, rep, shop, today };
}

/** Signs somebody in on the phone, and waits until his day is there and would be without a network. */
export async function carry(screen, base, login) {
  await hand.signIn(screen, base, login);
  await screen.getByRole('button', { name: '同意并开始' }).click();
  await hand.today(screen).waitFor();
  await screen.evaluate(() => navigator.serviceWorker.ready.then(() => true));
  await screen.reload();
  await hand.today(screen).waitFor();
}
