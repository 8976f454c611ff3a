// A form of 200 questions on the phone: from the tap that opens it to its last question drawn, and from a key to the letter on
// the screen, beside a form of 10 questions in the same run. THROTTLE slows the browser's processor by that factor (4: a phone of
// the middle class).
//   TASHI_BIN=target/release/tashi THROTTLE=4 node bench/form.mjs
import { PASSWORD, api, browser, folder, startServer } from '../e2e/lib.mjs';
import * as hand from '../e2e/phone.mjs';

const THROTTLE = Number(process.env.THROTTLE ?? 1);
const OPENED = 7;
const PLACE = [118.79, 32.05];
const TYPED = '货架整齐，价签清楚，冰柜温度正常，缺两箱气泡水';

/** Of every kind: text, numbers, choices, yes or no, days, what shows only after an answer, what is computed. */
function questions(count) {
  const named = (n, what) => ({ 'zh-CN': `第 ${n} 题：${what}`, en: `Question ${n}: ${what}` });
  const options = ['a', 'b', 'c', 'd'].map((value) => ({ value, label: { 'zh-CN': `选项 ${value}`, en: `Option ${value}` } }));
  const kinds = [
    (n) => ({ type: 'text', max: 200, label: named(n, '说明') }),
    (n) => ({ type: 'number', min: 0, max: 9999, label: named(n, '数量') }),
    (n) => ({ type: 'choice', options, label: named(n, '状态') }),
    (n) => ({ type: 'yes_no', label: named(n, '是否合格') }),
    (n) => ({ type: 'text', max: 200, label: named(n, '原因'), visible: `form.q${n - 1} != false` }),
    (n) => ({ type: 'date', label: named(n, '日期') }),
    (n) => ({ type: 'rating', max: 5, label: named(n, '评分') }),
  ];
  const fields = Array.from({ length: count - 1 }, (_, i) => ({ key: `q${i + 1}`, ...kinds[i % kinds.length](i + 1) }));
  const numbers = fields.filter((one) => one.type === 'number').map((one) => `(ff.empty(form.${one.key}) ? 0.0 : form.${one.key})`);
  fields.push({ key: 'total', type: 'number', label: named(count, '合计'), calc: numbers.slice(0, 7).join(' + ') });
  return { title: { 'zh-CN': `${count} 题`, en: `${count} questions` }, fields };
}

const server = await startServer('sqlite');
const phone = await browser({ profile: folder(), phone: true, still: true, place: { longitude: PLACE[0], latitude: PLACE[1], accuracy: 8 } });
try {
  const { base } = server;
  await api(base).post('/api/v1/setup', { company: '惠民饮品', time_zone: 'Asia/Shanghai', admin_name: '周敏', login: 'zhoumin', password: PASSWORD });
  const admin = await api(base).as('zhoumin');
  const department = (await admin.get('/api/v1/departments')).items[0].id;
  const rep = (await admin.get('/api/v1/roles')).items.find((one) => one.key === 'rep').id;
  const calendar = await admin.post('/api/v1/calendars', { name: '全天', shifts: [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, from_minute: 0, to_minute: 1440 })) });
  const { employee } = await admin.post('/api/v1/employees', { name: '张伟', login: 'zhangwei', password: PASSWORD, role_id: rep, department_id: department, calendar_id: calendar.id });
  const shop = await admin.post('/api/v1/customers', { name: '苏福便利', grade: 'A', at: PLACE, owner_id: employee.id });
  const steps = [];
  for (const count of [10, 200]) {
    const made = await admin.post('/api/v1/forms', { key: `q_${count}`, spec: questions(count) });
    const published = await fetch(`${base}/api/v1/forms/${made.id}/publish`, {
      method: 'POST', headers: { authorization: `Bearer ${admin.token}`, 'content-type': 'application/json', 'if-match': `"${made.version}"` }, body: JSON.stringify({ note: '' }),
    });
    if (!published.ok) throw new Error(await published.text());
    steps.push({ kind: 'form', title: `${count} 题`, mandatory: true, form_id: made.id });
  }
  const template = await admin.post('/api/v1/task-templates', { name: '长表单', kind: 'inspection', min_stay_s: 0, steps });
  const day = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Shanghai' }).format(new Date((await admin.get('/api/v1/me')).server_time));
  const task = await admin.post('/api/v1/tasks', { employee_id: employee.id, customer_id: shop.id, day, window: { from_minute: 0, to_minute: 1440 }, template_id: template.id });

  const screen = phone.pages()[0];
  await hand.signIn(screen, base, 'zhangwei');
  await screen.getByRole('button', { name: '同意并开始' }).click();
  await hand.today(screen).waitFor();
  await screen.goto(`${base}/m/check-in/${task.id}`);
  await screen.getByText('在范围内，可以签到').waitFor();
  await hand.press(screen, /^签到/);
  await screen.getByRole('button', { name: '填写10 题' }).or(screen.getByRole('button', { name: '填写200 题' })).first().waitFor();
  const remote = await phone.newCDPSession(screen);
  await remote.send('Emulation.setCPUThrottlingRate', { rate: THROTTLE });

  const seen = {};
  for (const [n, count] of [[0, 10], [1, 200]]) {
    const form = screen.url().replace(/(\/visit\/[^/]+).*/, `$1/form/${task.steps[n].id}`);
    const opened = [];
    for (let i = 0; i <= OPENED; i++) {
      const ms = await screen.evaluate(([to, last]) => new Promise((done) => {
        const begin = performance.now();
        const look = () => {
          const box = document.querySelector(`[data-path="${last}"]`);
          // The frame after the one in which it appeared has been drawn.
          if (box) requestAnimationFrame(() => setTimeout(() => done(performance.now() - begin)));
          else requestAnimationFrame(look);
        };
        history.pushState(null, '', to);
        dispatchEvent(new PopStateEvent('popstate'));
        look();
      }), [new URL(form).pathname, 'total']);
      // The first opening loads the piece of the app, as once a day.
      if (i > 0) opened.push(ms);
      if (i < OPENED) {
        await screen.evaluate((to) => { history.pushState(null, '', to); dispatchEvent(new PopStateEvent('popstate')); }, new URL(form).pathname.replace(/\/form\/.*/, ''));
        await screen.locator('[data-path="total"]').waitFor({ state: 'detached' });
      }
    }
    await screen.evaluate(() => {
      const first = window.typed === undefined;
      window.typed = [];
      if (first) document.addEventListener('input', () => {
        const begin = performance.now();
        requestAnimationFrame(() => setTimeout(() => window.typed.push(performance.now() - begin)));
      }, true);
    });
    const box = screen.locator('[data-path="q1"]').getByRole('textbox');
    await box.focus();
    for (const letter of TYPED) {
      await screen.keyboard.insertText(letter);
      await screen.waitForTimeout(120);
    }
    const typed = await screen.evaluate(() => window.typed);
    const value = await box.inputValue();
    if (value !== TYPED) throw new Error(`typed ${value}`);
    seen[count] = { opened: of(opened), typed: of(typed) };
    console.log(`${count} questions: open median ${ms(seen[count].opened.median)}, worst ${ms(seen[count].opened.worst)}; letter to screen median ${ms(seen[count].typed.median)}, worst ${ms(seen[count].typed.worst)} (${typed.length} letters, processor ${THROTTLE} × slower)`);
  }
  console.log(`200 beside 10: open ${(seen[200].opened.median / seen[10].opened.median).toFixed(1)} ×, letter ${(seen[200].typed.median / seen[10].typed.median).toFixed(1)} ×`);
} finally {
  await phone.close();
  await server.stop();
}

function of(times) {
  const sorted = [...times].sort((a, b) => a - b);
  return { median: sorted[Math.floor(sorted.length / 2)], worst: sorted.at(-1) };
}

function ms(v) {
  return `${v.toFixed(0)} ms`;
}
