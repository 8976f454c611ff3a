// What every list does: a view is kept on the server and shared with the company, a file is made in the background while the
// page is left, and what is filtered goes onto paper with its filters, author and time.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as desk from './console.mjs';
import { PASSWORD, api, axe, browser, folder, startServer, steps } from './lib.mjs';

const BEGIN = '2027-11-18T08:00:00Z';

for (const engine of (process.env.ENGINES ?? 'sqlite,postgres').split(',')) {
  test(`lists on ${engine}`, { timeout: 180_000 }, async (t) => {
    const server = await startServer(engine, BEGIN);
    const { base } = server;
    const office = await browser({ profile: folder() });
    const english = await browser({ profile: folder(), dark: true });
    t.after(async () => {
      await office.close();
      await english.close();
      await server.stop();
    });
    await api(base).post('/api/v1/setup', { company: '惠民饮品', time_zone: 'Asia/Shanghai', admin_name: '周敏', login: 'zhoumin', password: PASSWORD });
    const admin = await api(base).as('zhoumin');
    const department_id = (await admin.get('/api/v1/departments')).items[0].id;
    const manager = (await admin.get('/api/v1/roles')).items.find((role) => role.key === 'manager').id;
    const first = (await admin.post('/api/v1/employees', { name: '陈静', login: 'chenjing', role_id: manager, department_id })).initial_password;
    for (const [name, grade] of [['苏福便利', 'A'], ['惠万家超市', 'B'], ['老门东食品', 'C']]) {
      await admin.post('/api/v1/customers', { name, grade, address: `${name}门口`, at: [118.79, 32.05] });
    }
    const [page, other] = [office.pages()[0], english.pages()[0]];
    const step = steps(t, 'lists', () => ({ office: page, english: other }));

    await step('a view is named and shared', async () => {
      await desk.signIn(page, base, 'zhoumin');
      await page.goto(`${base}/customers?grade=A,B`);
      await page.getByText('苏福便利', { exact: true }).waitFor();
      await desk.button(page, '把当前筛选存为视图').click();
      await page.getByLabel('视图名称').fill('重点店');
      await page.getByLabel('与全公司共享').check({ force: true });
      assert.deepEqual(await axe(page), []);
      await page.getByLabel('视图名称').press('Enter');
      await page.getByRole('navigation', { name: '视图' }).getByRole('button', { name: /重点店/ }).first().waitFor();
    });

    await step('a colleague finds it, in her language, and cannot change it', async () => {
      await desk.signIn(other, base, 'chenjing', { initial: first });
      await desk.button(other, 'Switch to English').click();
      await other.goto(`${base}/customers`);
      const views = other.getByRole('navigation', { name: 'Views' });
      await views.getByRole('button', { name: /重点店/ }).click();
      await other.waitForURL(/grade=A/);
      await other.getByText('老门东食品', { exact: true }).waitFor({ state: 'detached' });
      await views.getByRole('img', { name: 'Shared by 周敏' }).waitFor();
      assert.equal(await other.getByRole('button', { name: 'Change the view “重点店”' }).count(), 0);
    });

    await step('a file is made while the page is left, and can be stopped or saved again', async () => {
      // The answer is held back until the page was left.
      let release;
      const held = new Promise((done) => (release = done));
      await page.route('**/api/v1/customers.xlsx*', async (route) => {
        await held;
        await route.continue();
      });
      const saved = page.waitForEvent('download');
      await desk.button(page, '导出').click();
      await desk.button(page, '后台工作，1 项进行中').waitFor();
      await page.getByRole('link', { name: '任务' }).click();
      await page.waitForURL(/\/tasks/);
      await desk.button(page, '后台工作，1 项进行中').click();
      await page.getByText('进行中，可以离开这个页面').waitFor();
      assert.deepEqual(await axe(page), []);
      release();
      assert.match((await saved).suggestedFilename(), /\.xlsx$/);
      const again = page.waitForEvent('download');
      await desk.button(page, '再存一次').click();
      await again;
      await page.unroute('**/api/v1/customers.xlsx*');
      await page.route('**/api/v1/customers.xlsx*', () => {});
      await page.goto(`${base}/customers`);
      await desk.button(page, '导出').click();
      await desk.button(page, '后台工作，1 项进行中').click();
      await desk.button(page, '停止').click();
      await page.getByText('已停止').waitFor();
      await desk.button(page, '收起“导出·客户”').click();
    });

    await step('what is filtered is printed with its filters, author and time', async () => {
      await other.evaluate(() => {
        window.printed = [];
        const print = (frame) => (frame.contentWindow.print = () => window.printed.push(frame.contentDocument.body.innerText));
        const append = document.body.append.bind(document.body);
        document.body.append = (...nodes) => { append(...nodes); nodes.forEach((node) => node.tagName === 'IFRAME' && print(node)); };
      });
      await other.getByRole('button', { name: 'Print: all rows that match' }).click();
      await other.waitForFunction(() => window.printed.length > 0);
      const paper = await other.evaluate(() => window.printed[0]);
      for (const words of ['Customers', '惠民饮品', 'Grade: A', '陈静', '苏福便利', '惠万家超市']) assert.ok(paper.includes(words), `${words} in ${paper}`);
      assert.ok(!paper.includes('老门东食品'), 'only what is filtered');
    });
  });
}
