// How steps are worked, and own fields of work, in the browser: a ready set of steps made one's own, a visit worked in an order of its own
// with a time limit, the report by step and person, and that way saved as the template's next version. Then fields of the company's
// own on a task and on a fridge of a type of the company's list, filled in by clicking, filtered, and read on a phone without a network.
//   ENGINES=sqlite  one engine   ·   SHOTS=dir  keeps pictures
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { begin, carry, company } from './begin.mjs';
import * as desk from './console.mjs';
import { axe, until } from './lib.mjs';
import * as hand from './phone.mjs';

for (const engine of (process.env.ENGINES ?? 'sqlite,postgres').split(',')) {
  test(`how steps are worked on ${engine}`, { timeout: 240_000 }, async (t) => {
    const { base, office, phone, page, screen, shot, step } = await begin(t, 'sop', engine);
    const { admin, rep, shop, today } = await company(base);
    const fields = async (noun, list) => {
      const form = await admin.put(`/api/v1/custom-fields/${noun}`, {});
      const draft = await admin.patch(`/api/v1/forms/${form.id}`, form.version, { spec: { title: form.draft.title, fields: list } });
      await admin.post(`/api/v1/forms/${form.id}/publish`, { note: null }, draft.version);
    };
    await fields('task', [{ key: 'contract', type: 'text', label: { 'zh-CN': '合同号', en: 'Contract' }, required: 'true' }]);
    await fields('equipment', [{ key: 'asset', type: 'text', label: { 'zh-CN': '资产号', en: 'Asset no.' } }, { key: 'rented', type: 'yes_no', label: { 'zh-CN': '租赁', en: 'Rented' } }]);
    let template;
    let task;

    await step('a ready set of steps is taken and made one’s own', async () => {
      await desk.signIn(page, base, 'zhoumin');
      await page.goto(`${base}/designer/templates`);
      await desk.button(page, '从现成的开始').click();
      const ready = page.getByRole('complementary', { name: '各行业现成的步骤' });
      await ready.getByText('快消品').waitFor();
      await shot('ready');
      assert.deepEqual(await axe(page), []);
      await ready.getByRole('listitem').filter({ hasText: '快消品' }).first().getByRole('button', { name: '用这一套' }).click();
      const drawer = page.getByRole('complementary', { name: '新建模板' });
      assert.equal(await drawer.getByLabel('名称', { exact: true }).inputValue(), '终端门店拜访');
      await drawer.getByLabel('名称', { exact: true }).fill('快消拜访');
      await drawer.getByRole('button', { name: '新建模板' }).click();
      await drawer.waitFor({ state: 'detached' });
      await until(async () => (await admin.get('/api/v1/task-templates')).items.some((one) => one.name === '快消拜访' && one.steps.length === 9), 'the template');
      const plain = (title) => ({ title, kind: 'yes_no', mandatory: false });
      template = await admin.post('/api/v1/task-templates', { name: '巡店', kind: 'visit', min_stay_s: 0, steps: [{ ...plain('门头'), limit_s: 600 }, plain('盘点'), plain('合影')] });
    });

    await step('a task is made at the desk with its own fields', async () => {
      await page.goto(`${base}/tasks?create=1&person=${rep}&customer=${shop.id}&from=${today}`);
      const form = page.getByRole('complementary').filter({ hasText: '公司字段' });
      await desk.choose(form, '用模板', '巡店');
      await form.getByRole('button', { name: /^派给/ }).last().click();
      await form.getByText('公司字段还有 1 处要填或要改').waitFor();
      await form.getByRole('group', { name: '合同号' }).getByRole('textbox').fill('HT-2026-07');
      await shot('task-form');
      assert.deepEqual(await axe(page), []);
      await form.getByRole('button', { name: /^派给/ }).last().click();
      await page.getByRole('region', { name: '公司字段' }).getByText('HT-2026-07').waitFor();
      await shot('task-drawer');
      assert.deepEqual(await axe(page), []);
      task = (await admin.get('/api/v1/tasks')).items[0];
      assert.deepEqual(task.custom, { contract: 'HT-2026-07' });
      const other = await admin.post('/api/v1/customers', { name: '广利超市', grade: 'B', at: [118.8, 32.06], owner_id: rep });
      await admin.post('/api/v1/tasks', { employee_id: rep, customer_id: other.id, day: today, window: { from_minute: 0, to_minute: 1439 }, custom: { contract: 'XY-2027-01' } });
      const shown = async () => [await page.getByText('苏福便利').count() > 0, await page.getByText('广利超市').count() > 0].join();
      for (const [contract, both] of [['20', 'true,true'], ['2026', 'true,false'], ['2027', 'false,true']]) {
        await page.goto(`${base}/tasks?from=${today}&to=${today}&f.contract=${contract}`);
        await until(async () => (await shown()) === both, `the tasks of contract ${contract}`);
      }
      // On the planning board what waits is narrowed by the same field.
      await page.goto(`${base}/planning/board?day=${today}`);
      const pool = page.getByRole('region', { name: '待排任务' });
      await pool.getByText('广利超市').waitFor();
      await pool.getByText('苏福便利').waitFor();
      await pool.getByRole('button', { name: '条件' }).click();
      await page.getByPlaceholder('合同号').fill('2026');
      await pool.getByText('广利超市').waitFor({ state: 'detached' });
      await pool.getByText('苏福便利').waitFor();
      await until(() => page.url().includes('f.task.contract=2026'), 'the address to follow');
      await shot('pool');
      assert.deepEqual(await axe(page), []);
    });

    await step('a type of equipment and a fridge of it are made by clicking', async () => {
      await page.goto(`${base}/orders/equipment?types=1`);
      const types = page.getByRole('complementary', { name: '设备类型' });
      await types.getByRole('button', { name: '新增类型' }).click();
      await types.getByLabel('类型名称').fill('冷柜');
      await desk.button(types, '保存').click();
      await types.getByText('0 台').waitFor();
      await shot('types');
      assert.deepEqual(await axe(page), []);
      await page.goto(`${base}/orders/equipment?edit=new&customer=${shop.id}`);
      const form = page.getByRole('complementary').filter({ hasText: '公司字段' });
      await form.getByLabel('名称', { exact: true }).fill('立式冷柜');
      await desk.choose(form, '设备类型', '冷柜');
      await form.getByRole('group', { name: '资产号' }).getByRole('textbox').fill('ZC-77');
      await shot('equipment-form');
      assert.deepEqual(await axe(page), []);
      await desk.button(form, '保存').click();
      await page.getByRole('region', { name: '公司字段' }).getByText('ZC-77').waitFor();
      await shot('equipment');
      assert.deepEqual(await axe(page), []);
      const [piece] = (await admin.get('/api/v1/equipment')).items;
      assert.deepEqual([piece.kind.name, piece.custom], ['冷柜', { asset: 'ZC-77' }]);
    });

    await step('the visit is worked without a network in an order of its own, against the clock', async () => {
      await carry(screen, base, 'zhangwei');
      await phone.setOffline(true);
      const [piece] = (await admin.get('/api/v1/equipment')).items;
      await screen.goto(`${base}/m/equipment/${piece.label}`);
      await screen.getByText('ZC-77').waitFor();
      await shot('phone-equipment', screen);
      assert.deepEqual(await axe(screen), []);
      await screen.goto(`${base}/m/check-in/${task.id}`);
      await screen.getByText('HT-2026-07').waitFor();
      await screen.getByText('在范围内，可以签到').waitFor();
      await shot('phone-check-in', screen);
      await hand.press(screen, /^签到/);
      await screen.getByText('限时 10 分').waitFor();
      const does = async (title) => {
        await screen.getByRole('radiogroup', { name: title }).getByRole('radio', { name: '是' }).click();
        if (title === '门头') {
          await screen.getByText(/还剩/).waitFor();
          await shot('phone-step', screen);
          assert.deepEqual(await axe(screen), []);
        }
        await hand.press(screen, `完成${title}`);
      };
      await screen.getByRole('button', { name: /^盘点/ }).click();
      await does('盘点');
      await does('门头');
      await hand.press(screen, '跳过…');
      await screen.getByText('时间来不及').click();
      await hand.press(screen, '跳过这一步');
      await hand.press(screen, '写小结并签退');
      await screen.getByRole('textbox').fill('先盘点再看门头');
      await hand.press(screen, '签退');
      await phone.setOffline(false);
      await until(async () => (await admin.get(`/api/v1/sop/report?template_id=${template.id}&day_from=${today}&day_to=${today}`)).visits === 1, 'the visit to arrive', 60_000);
    });

    await step('the report tells what is left out, and the way becomes the next version', async () => {
      await page.goto(`${base}/reports/steps?template=${template.id}`);
      const table = page.getByRole('region', { name: '每一步' }).first();
      await table.getByText('合影').first().waitFor();
      await shot('report');
      assert.deepEqual(await axe(page), []);
      await page.getByRole('region', { name: '每个人' }).first().getByText('张伟').first().click();
      await page.getByText('张伟漏做').first().waitFor();
      await shot('report-person');
      await page.getByRole('link', { name: '照 张伟 的做法出新版本' }).click();
      const drawer = page.getByRole('complementary', { name: /巡店/ });
      await drawer.getByText(/根据 张伟 的 1 次拜访/).waitFor();
      await drawer.getByRole('button', { name: '放回“合影”' }).waitFor();
      assert.deepEqual(await drawer.getByLabel('步骤名称').evaluateAll((all) => all.map((one) => one.value)), ['盘点', '门头']);
      await shot('pattern');
      assert.deepEqual(await axe(page), []);
      await desk.button(drawer, '保存').click();
      await drawer.waitFor({ state: 'detached' });
      await until(async () => (await admin.get('/api/v1/task-templates')).items.find((one) => one.id === template.id).version === 2, 'the next version');
      const next = (await admin.get('/api/v1/task-templates')).items.find((one) => one.id === template.id);
      assert.deepEqual(next.steps.map((one) => one.title), ['盘点', '门头']);
      assert.equal(next.steps[1].limit_s, 600);
      await table.getByText('已从模板去掉').first().waitFor();
      await desk.button(page, 'Switch to English').click();
      await page.getByText('By step').first().waitFor();
      await shot('report-english');
      assert.deepEqual(await axe(page), []);
    });

    assert.deepEqual([...office.faults, ...phone.faults], []);
  });
}
