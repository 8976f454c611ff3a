// Checked items in the browser: an item is put into a form of the library by clicking, filled in on a phone without a network, with the
// proof a failed one needs; its follow-up is opened once, and the scores of stores open into the records.
//   ENGINES=sqlite  one engine   ·   SHOTS=dir  keeps pictures
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { begin, carry, company } from './begin.mjs';
import * as desk from './console.mjs';
import { axe, until } from './lib.mjs';
import * as hand from './phone.mjs';

for (const engine of (process.env.ENGINES ?? 'sqlite,postgres').split(',')) {
  test(`checked items on ${engine}`, { timeout: 240_000 }, async (t) => {
    const { base, phone, page, screen, shot, step } = await begin(t, 'checks', engine);
    const { admin, person, rep, shop, today } = await company(base);
    const keeper = await person('李娜', 'lina', 'rep');
    await admin.patch(`/api/v1/customers/${shop.id}`, shop.version, { owner_id: keeper });
    let form;
    let task;

    await step('a check item is made by clicking, tried beside the form, and published', async () => {
      await desk.signIn(page, base, 'zhoumin');
      await page.goto(`${base}/designer/forms`);
      await desk.button(page, '从表单库开始').click();
      await page.getByRole('radio', { name: /门店标准检查/ }).click();
      await desk.button(page, '建好并打开').click();
      await page.getByText('检查通过').waitFor();
      await page.getByRole('button', { name: '选择价签齐全正确' }).click();
      await page.getByRole('navigation', { name: '字段' }).getByRole('button', { name: '检查项' }).click();
      await page.getByLabel('中文题目').fill('冰柜灯亮');
      await page.getByLabel('分值').fill('2');
      await page.getByLabel('不合格时至少拍几张').fill('1');
      await page.getByLabel('不合格时自动建任务').check();
      await page.getByLabel('几天内完成（0 为当天）').fill('3');
      await page.getByText('检查通过').waitFor();
      const preview = page.getByRole('complementary', { name: '手机预览' });
      await preview.getByLabel('冷柜温度: 数值').fill('9.5');
      await preview.getByRole('button', { name: '冰柜灯亮: 合格', exact: true }).click();
      await preview.getByText(/得分率 40/).waitFor();
      await shot('designer');
      assert.deepEqual(await axe(page), []);
      await until(async () => !(await desk.button(page, '发布 v1').isDisabled()), 'the draft to be kept');
      await desk.button(page, '发布 v1').click();
      await desk.button(page.getByRole('dialog', { name: '发布 v1' }), '发布').click();
      await page.getByText('已发布 v1').waitFor();
      [form] = (await admin.get('/api/v1/forms')).items;
      task = await admin.post('/api/v1/tasks', {
        employee_id: rep, customer_id: shop.id, day: today, window: { from_minute: 0, to_minute: 1440 }, steps: [{ title: '标准检查', kind: 'form', form_id: form.id }],
      });
    });

    await step('it is filled in without a network; a failed item needs its proof', async () => {
      await carry(screen, base, 'zhangwei');
      await screen.goto(`${base}/m/check-in/${task.id}`);
      await screen.getByText('在范围内，可以签到').waitFor();
      await hand.press(screen, /^签到/);
      await hand.press(screen, '填写标准检查');
      const item = (label) => screen.getByRole('group', { name: label }).first();
      await item('地面和货架干净').getByRole('radio', { name: '合格', exact: true }).waitFor();
      await phone.setOffline(true);
      for (const label of ['地面和货架干净', '没有过期和临期商品', '冰柜灯亮', '门头和灯箱完好', '消防通道畅通']) await item(label).getByRole('radio', { name: '合格', exact: true }).click();
      await item('价签齐全正确').getByRole('radio', { name: '不适用' }).click();
      assert.equal(await item('消防通道畅通').getByRole('radio', { name: '不适用' }).count(), 0, 'it always applies');
      const fridge = item('冷柜温度');
      await fridge.getByRole('textbox', { name: '冷柜温度 数值' }).fill('9.5');
      await until(async () => (await fridge.getByRole('radio', { name: '不合格' }).getAttribute('aria-checked')) === 'true', 'the limit to decide');
      await hand.press(screen, '完成表单');
      await fridge.getByRole('alert').first().waitFor();
      await shot('phone-fail', screen);
      assert.deepEqual(await axe(screen), []);
      await fridge.getByRole('textbox', { name: '冷柜温度 说明' }).fill('门没关严');
      await fridge.getByRole('button', { name: '拍照' }).click();
      await screen.waitForURL(/\/camera\//);
      const camera = screen.getByRole('button', { name: '拍照', exact: true });
      const prime = screen.getByRole('button', { name: '打开相机' });
      await prime.or(camera).first().waitFor();
      if (await prime.isVisible()) await prime.click();
      await screen.getByText(/清晰|有点糊/).waitFor();
      await camera.click();
      await hand.press(screen, '用这张');
      await screen.waitForURL(/\/form\//);
      await item('冷柜温度').getByRole('img', { name: '照片 1' }).waitFor();
      await shot('phone-proof', screen);
      await hand.press(screen, '完成表单');
      await screen.waitForURL(/\/visit\/[^/]+$/);
      assert.deepEqual((await admin.get(`/api/v1/form-records?form_id=${form.id}`)).items, []);
      await phone.setOffline(false);
      await until(async () => (await admin.get(`/api/v1/form-records?form_id=${form.id}`)).items.length === 1, 'the record to arrive', 40_000);
      const [row] = (await admin.get(`/api/v1/form-records?form_id=${form.id}`)).items;
      assert.deepEqual(row.checks, { passed: 10, applicable: 13, failed: 1 });
      assert.deepEqual([row.answers.fridge.result, row.answers.fridge.value, row.answers.fridge.photos.length], ['fail', 9.5, 1]);
    });

    await step('the follow-up is opened once, and the score of the store opens into its record', async () => {
      const failures = (await admin.get(`/api/v1/checks/failures?day_from=${today}&day_to=${today}`)).items;
      assert.deepEqual(failures.map((one) => [one.field, one.remark, one.stands, one.follow_up.status]), [['fridge', '门没关严', true, 'new']]);
      const follow = await admin.get(`/api/v1/tasks/${failures[0].follow_up.id}`);
      assert.deepEqual([follow.title, follow.customer.name, follow.plan_id], ['冷柜温度异常', '苏福便利', null]);
      await page.goto(`${base}/reports`);
      await page.getByRole('link', { name: '检查得分' }).click();
      await page.getByText('苏福便利').first().waitFor();
      await page.getByText('门没关严').waitFor();
      await shot('report');
      assert.deepEqual(await axe(page), []);
      await page.getByRole('link', { name: '看记录' }).click();
      const drawer = page.getByRole('complementary', { name: '门店标准检查' });
      await drawer.getByText('不合格', { exact: true }).waitFor();
      await drawer.getByText(/得分率 76\.9|得分率 77/).waitFor();
      await shot('record');
      assert.deepEqual(await axe(page), []);
      await screen.goto(`${base}/m/customers/${shop.id}`);
      await screen.getByText(/检查得分率/).waitFor();
      await shot('phone-customer', screen);
    });
  });
}
