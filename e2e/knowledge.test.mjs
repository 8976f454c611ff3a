// What a company knows, in the browser: an article is written with a pasted picture and must be read by one department; a rep sees
// it on his phone, which keeps it by itself, finds it without a network by two characters, and marks it as read; the list of readers
// shows him, and a colleague as missing; then it is the guide of a step, which stays locked until it was opened, without a network too.
// Last he practises: the manager sees that he did, and nothing counts it.
//   ENGINES=sqlite  one engine   ·   SHOTS=dir  keeps pictures
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { test } from 'node:test';
import * as desk from './console.mjs';
import { PASSWORD, api, axe, browser, folder, startServer, steps, until } from './lib.mjs';
import * as hand from './phone.mjs';

const OFFICE = [118.79, 32.05];

for (const engine of (process.env.ENGINES ?? 'sqlite,postgres').split(',')) {
  test(`knowledge on ${engine}`, { timeout: 240_000 }, async (t) => {
    const server = await startServer(engine);
    const { base } = server;
    const office = await browser({ profile: folder(), still: true });
    const phone = await browser({ profile: folder(), phone: true, still: true, place: { longitude: OFFICE[0], latitude: OFFICE[1], accuracy: 8 } });
    t.after(async () => {
      await phone.close();
      await office.close();
      await server.stop();
    });
    const [page, screen] = [office.pages()[0], phone.pages()[0]];
    const step = steps(t, `knowledge-${engine}`, () => ({ desk: page, phone: screen }));
    const shot = async (name, where = page) => {
      if (!process.env.SHOTS) return;
      mkdirSync(process.env.SHOTS, { recursive: true });
      await where.screenshot({ path: `${process.env.SHOTS}/knowledge-${engine}-${name}.png` });
    };
    const fine = async (name, where = page) => {
      await shot(name, where);
      assert.deepEqual(await axe(where), [], name);
    };

    await api(base).post('/api/v1/setup', { company: '惠民饮品', time_zone: 'Asia/Shanghai', admin_name: '周敏', login: 'zhoumin', password: PASSWORD });
    const admin = await api(base).as('zhoumin');
    const top = (await admin.get('/api/v1/departments')).items[0].id;
    const [region, sibling] = await Promise.all(['一区', '二区'].map(async (name) => (await admin.post('/api/v1/departments', { name, parent_id: top, manager_ids: [] })).id));
    const roles = Object.fromEntries((await admin.get('/api/v1/roles')).items.map((r) => [r.key, r.id]));
    const person = async (name, login, role, department_id) => (await admin.post('/api/v1/employees', { name, login, password: PASSWORD, role_id: roles[role], department_id })).employee.id;
    const rep = await person('张伟', 'zhangwei', 'rep', region);
    await person('吴婷', 'wuting', 'rep', region);
    await person('何静', 'hejing', 'manager', sibling);
    const shop = await admin.post('/api/v1/customers', { name: '苏福便利', grade: 'A', at: OFFICE, owner_id: rep });
    const calendar = await admin.post('/api/v1/calendars', { name: '全天', shifts: [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, from_minute: 0, to_minute: 1440 })) });
    const row = await admin.get(`/api/v1/employees/${rep}`);
    await admin.patch(`/api/v1/employees/${rep}`, row.version, { calendar_id: calendar.id });
    let article = null;

    await step('an article is written with a pasted picture, for one department that must read it, and published', async () => {
      await desk.signIn(page, base, 'zhoumin');
      await page.getByRole('link', { name: '知识' }).click();
      await page.getByText('还没有可读的文章').waitFor();
      await fine('empty');
      await desk.button(page, '分类').click();
      const categories = page.getByRole('dialog', { name: '分类' });
      await categories.getByLabel('新分类').first().fill('销售话术');
      await page.keyboard.press('Enter');
      await categories.getByLabel('“销售话术”下的分类').first().waitFor();
      await fine('categories');
      await page.keyboard.press('Escape');
      await desk.button(page, '写文章').first().click();
      const dialog = page.getByRole('dialog', { name: '写文章' });
      await dialog.getByLabel('标题').fill('椰汁 1L 进店话术');
      await desk.button(dialog, '开始写').click();
      const text = page.getByRole('textbox', { name: '正文（Markdown）' });
      await text.fill('## 开场\n先问老板**冷藏**柜卖得怎么样，再说保质期。\n\n1. 看陈列\n2. 报价\n\n| 规格 | 进价 |\n|---|---|\n| 1L | 8.5 |\n\n<img src=x onerror=alert(1)>\n');
      await page.getByRole('combobox', { name: '分类' }).selectOption({ label: '销售话术' });
      await page.getByLabel('标签', { exact: true }).fill('椰汁、Coconut');
      // A picture from the clipboard, as a screenshot is pasted.
      await text.evaluate(async (field) => {
        field.setSelectionRange(field.value.length, field.value.length);
        const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 180 });
        const pen = canvas.getContext('2d');
        pen.fillStyle = '#0F766E';
        pen.fillRect(0, 0, 320, 180);
        const blob = await new Promise((done) => canvas.toBlob(done, 'image/png'));
        const data = new DataTransfer();
        data.items.add(new File([blob], '陈列图.png', { type: 'image/png' }));
        field.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
      });
      await page.getByRole('img', { name: '陈列图.png' }).waitFor();
      await until(() => page.getByRole('img', { name: '陈列图.png' }).evaluate((img) => img.naturalWidth === 320), 'the picture to be shown');
      await page.getByText('已保存', { exact: true }).waitFor();
      assert.equal(await page.locator('.writer-right img').count(), 1, 'what is written is no HTML');
      await fine('write');
      await page.getByRole('tab', { name: '范围与必读' }).click();
      await page.getByRole('checkbox', { name: '一区' }).check();
      await page.getByRole('checkbox', { name: '外勤' }).check();
      await page.getByRole('checkbox', { name: '范围内的人必须阅读' }).check();
      await page.getByLabel('截止').fill('2099-12-31');
      await fine('rules');
      await desk.button(page, '保存').click();
      await until(async () => (await admin.get('/api/v1/articles')).items[0].duty?.asked === 2, 'the rules to be kept');
      await page.getByRole('tab', { name: '正文' }).click();
      await desk.button(page, '发布').click();
      const publish = page.getByRole('dialog', { name: '发布 v1' });
      await desk.button(publish, '发布').click();
      await page.getByText('已发布 v1').first().waitFor();
      [article] = (await admin.get('/api/v1/articles')).items;
      assert.deepEqual([article.published, article.duty.asked, article.duty.read], [1, 2, 0]);
      const other = await api(base).as('hejing');
      await assert.rejects(other.get(`/api/v1/knowledge/${article.id}`), { status: 404 });
    });

    await step('the phone says that it must be read, and keeps it by itself', async () => {
      await hand.signIn(screen, base, 'zhangwei');
      await screen.getByRole('button', { name: '同意并开始' }).click();
      await screen.getByText('1 篇文章要读').waitFor();
      await fine('phone-today', screen);
      await screen.goto(`${base}/m/knowledge`);
      await screen.getByText('椰汁 1L 进店话术').waitFor();
      await screen.getByRole('img', { name: '已离线' }).waitFor();
      await fine('phone-list', screen);
      // Every screen is once on the phone before the network goes.
      await screen.goto(`${base}/m/knowledge/${article.id}`);
      await screen.getByRole('img', { name: '陈列图.png' }).waitFor();
      await screen.getByRole('button', { name: '已离线' }).click();
      await screen.getByRole('button', { name: '不再离线保存' }).waitFor();
      await until(() => screen.evaluate(() => navigator.serviceWorker.ready.then((r) => r.active?.state === 'activated')), 'the service worker');
    });

    await step('without a network two characters find it; it is read to its end and marked', async () => {
      await phone.setOffline(true);
      await screen.goto(`${base}/m/knowledge`);
      const field = screen.getByRole('searchbox', { name: '搜索知识库' });
      await field.fill('冰柜');
      await screen.getByText('没有找到“冰柜”').waitFor();
      await field.fill('冷藏');
      await screen.locator('mark', { hasText: '冷藏' }).waitFor();
      await fine('phone-found', screen);
      await screen.getByRole('link', { name: /椰汁 1L 进店话术/ }).click();
      await screen.getByRole('img', { name: '陈列图.png' }).waitFor();
      await fine('phone-article', screen);
      await screen.getByRole('img', { name: '陈列图.png' }).scrollIntoViewIfNeeded();
      await screen.locator('main').evaluate((main) => main.scrollTo(0, main.scrollHeight));
      await screen.getByRole('button', { name: '我已读完' }).click();
      await screen.getByText('已读，待上传').waitFor();
      assert.equal((await admin.get(`/api/v1/articles/${article.id}/readers`)).items.filter((one) => one.done).length, 0);
      await phone.setOffline(false);
      await until(async () => (await admin.get('/api/v1/articles')).items[0].duty.read === 1, 'the reading to arrive', 60_000);
    });

    await step('the list of readers shows him, and who is missing', async () => {
      await page.getByRole('tab', { name: '谁读了' }).click();
      const table = page.getByRole('table');
      await table.getByRole('row', { name: /张伟.*已读 v1/ }).waitFor();
      await table.getByRole('row', { name: /吴婷.*未读/ }).waitFor();
      await fine('readers');
      await page.getByRole('button', { name: '提醒未读的人' }).click();
      await page.getByText('已提醒 1 人').waitFor();
      const missing = await api(base).as('wuting');
      assert.equal((await missing.get('/api/v1/notices')).items[0].kind, 'knowledge.reminded_until');
      // Found from anywhere.
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox', { name: '搜索与跳转' }).fill('冷藏');
      await page.getByRole('option', { name: /椰汁 1L 进店话术/ }).waitFor();
      await page.keyboard.press('Escape');
    });

    await step('a new version asks to be read again; what changed is shown, and an old text comes back as a draft', async () => {
      await page.getByRole('tab', { name: '正文' }).click();
      const text = page.getByRole('textbox', { name: '正文（Markdown）' });
      await text.press('Control+End');
      await text.pressSequentially('\n价格以 12 月为准。');
      await page.getByText('已保存', { exact: true }).waitFor();
      await desk.button(page, '发布').click();
      const publish = page.getByRole('dialog', { name: '发布 v2' });
      await publish.getByRole('checkbox', { name: '读过旧版的人也要重读这一版' }).check();
      await desk.button(publish, '发布').click();
      await page.getByText('已发布 v2').first().waitFor();
      const [now] = (await admin.get('/api/v1/articles')).items;
      assert.deepEqual([now.published, now.duty.since, now.duty.read], [2, 2, 0]);
      await page.getByRole('tab', { name: '版本' }).click();
      await page.locator('.diff .added', { hasText: '价格以 12 月为准' }).waitFor();
      await fine('versions');
      await desk.button(page, '退回这一版').click();
      await page.getByText('v1 的内容已成为草稿，发布后生效').waitFor();
      const draft = await admin.get(`/api/v1/articles/${article.id}`);
      assert.deepEqual([draft.changed, draft.body.includes('12 月')], [true, false]);
      await page.goto(`${base}/knowledge/${article.id}`);
      await desk.button(page, '我已读完').waitFor();
      await page.getByText('价格以 12 月为准').waitFor();
      await fine('article');
      await page.goto(`${base}/knowledge?view=write`);
      await page.getByRole('row', { name: /椰汁 1L 进店话术.*有未发布修改.*0 \/ 2 已读/ }).waitFor();
      await fine('manage');
    });

    await step('as the guide of a step it locks the step until it was opened, without a network too', async () => {
      await page.goto(`${base}/designer/templates?template=new`);
      await page.getByLabel('名称').first().fill('椰汁推广');
      await desk.button(page, '门头照').click();
      const item = page.getByRole('listitem').filter({ has: page.getByRole('textbox', { name: '步骤名称' }) }).first();
      await item.getByRole('textbox').first().fill('讲完话术');
      await item.getByRole('combobox').first().selectOption({ label: '是否' });
      await item.getByRole('button', { name: /的说明和上下限/ }).click();
      await item.getByRole('combobox', { name: '操作指南（知识库文章）' }).selectOption({ label: '椰汁 1L 进店话术' });
      await item.getByRole('checkbox', { name: '打开指南后才能做' }).check();
      await fine('template');
      await desk.button(page, '新建模板').last().click();
      await until(async () => (await admin.get('/api/v1/task-templates')).items.some((one) => one.name === '椰汁推广'), 'the template to be kept');
      const template = (await admin.get('/api/v1/task-templates')).items.find((one) => one.name === '椰汁推广');
      const today = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Shanghai' }).format(new Date((await admin.get('/api/v1/me')).server_time));
      const task = await admin.post('/api/v1/tasks', { employee_id: rep, customer_id: shop.id, day: today, window: { from_minute: 0, to_minute: 1440 }, template_id: template.id });
      await screen.goto(`${base}/m/`);
      await hand.today(screen).waitFor();
      await hand.checkIn(screen, base, task.id);
      await phone.setOffline(true);
      assert.equal(await screen.getByRole('radio', { name: '是' }).count(), 0, 'locked');
      await fine('phone-locked', screen);
      await hand.press(screen, '打开操作指南');
      await screen.getByText('先问老板').waitFor();
      await screen.getByRole('img', { name: '陈列图.png' }).waitFor();
      await fine('phone-guide', screen);
      await hand.press(screen, '看完了，回到步骤');
      await screen.getByRole('radio', { name: '是' }).click();
      await hand.press(screen, '完成讲完话术');
      await hand.press(screen, '写小结并签退');
      await hand.press(screen, '签退');
      await screen.getByRole('button', { name: '仍然签退' }).or(hand.today(screen)).first().waitFor();
      if (await screen.getByRole('button', { name: '仍然签退' }).isVisible()) await screen.getByRole('button', { name: '仍然签退' }).click();
      await phone.setOffline(false);
      await until(async () => (await admin.get('/api/v1/visits')).items[0]?.status === 'done', 'the visit to arrive', 60_000);
      const visit = await admin.get(`/api/v1/visits/${(await admin.get('/api/v1/visits')).items[0].id}`);
      assert.ok(visit.steps[0].guide_opened_at, 'that it was opened is in the visit');
    });

    await step('he practises: the manager sees it, nothing counts it', async () => {
      await screen.goto(`${base}/m/practice`);
      await screen.getByRole('button', { name: /椰汁推广/ }).click();
      await screen.getByText('练习：只在这台手机里，不计入任何统计').waitFor();
      await hand.press(screen, '打开操作指南');
      await hand.press(screen, '看完了，回到步骤');
      await screen.getByRole('radio', { name: '是' }).click();
      await fine('phone-practice', screen);
      await hand.press(screen, '完成讲完话术');
      await hand.press(screen, '写小结并签退');
      await hand.press(screen, '结束练习');
      await screen.getByText('练习完成，经理能看到你练过').waitFor();
      await fine('phone-practised', screen);
      await page.goto(`${base}/knowledge?view=practice`);
      await page.getByRole('row', { name: /张伟.*椰汁推广/ }).waitFor();
      await fine('practices');
      assert.equal((await admin.get('/api/v1/visits')).items.length, 1, 'a practice is no visit');
    });

    assert.deepEqual(office.faults, []);
    assert.deepEqual(phone.faults, []);
  });
}
