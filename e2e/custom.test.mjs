// Fields of a company's own on customers in the browser: built by clicking and published, filled in at the desk, chosen as a column,
// filtered by the address, taken out as a file, read on a phone without a network. Then what is handed in on the phone goes to whom
// the rep chose for it, who answers with a file beside his words.
//   ENGINES=sqlite  one engine   ·   SHOTS=dir  keeps pictures
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import * as desk from './console.mjs';
import { PASSWORD, api, axe, browser, folder, startServer, steps, until } from './lib.mjs';
import * as hand from './phone.mjs';

const OFFICE = [118.79, 32.05];
const PDF = { name: '报价单.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7\n1 0 obj\n<< >>\nendobj\n') };

for (const engine of (process.env.ENGINES ?? 'sqlite,postgres').split(',')) {
  test(`own fields on ${engine}`, { timeout: 240_000 }, async (t) => {
    const server = await startServer(engine);
    const { base } = server;
    const office = await browser({ profile: folder() });
    const phone = await browser({ profile: folder(), phone: true, still: true, place: { longitude: OFFICE[0], latitude: OFFICE[1], accuracy: 8 } });
    t.after(async () => {
      await phone.close();
      await office.close();
      await server.stop();
    });
    const [page, screen] = [office.pages()[0], phone.pages()[0]];
    const step = steps(t, `custom-${engine}`, () => ({ desk: page, phone: screen }));
    const shot = async (name, where = page) => {
      if (!process.env.SHOTS) return;
      mkdirSync(process.env.SHOTS, { recursive: true });
      await where.screenshot({ path: `${process.env.SHOTS}/custom-${engine}-${name}.png` });
    };

    await api(base).post('/api/v1/setup', { company: '惠民饮品', time_zone: 'Asia/Shanghai', admin_name: '周敏', login: 'zhoumin', password: PASSWORD });
    const admin = await api(base).as('zhoumin');
    const top = (await admin.get('/api/v1/departments')).items[0].id;
    const region = (await admin.post('/api/v1/departments', { name: '一区', parent_id: top, manager_ids: [] })).id;
    const roles = Object.fromEntries((await admin.get('/api/v1/roles')).items.map((r) => [r.key, r.id]));
    const person = async (name, login, role) => (await admin.post('/api/v1/employees', { name, login, password: PASSWORD, role_id: roles[role], department_id: region })).employee.id;
    const rep = await person('张伟', 'zhangwei', 'rep');
    await person('陈静', 'chenjing', 'manager');
    const shop = await admin.post('/api/v1/customers', { name: '苏福便利', grade: 'A', at: OFFICE, owner_id: rep });
    await admin.post('/api/v1/customers', { name: '广利超市', grade: 'B', at: [118.8, 32.06], owner_id: rep });
    const spec = { title: { 'zh-CN': '费用' }, fields: [{ key: 'name', type: 'text', label: { 'zh-CN': '事由', en: 'What for' }, required: 'true' }] };
    const object = await admin.post('/api/v1/object-definitions', { key: 'cost', name: { 'zh-CN': '费用申请', en: 'Expense' }, icon: 'receipt', spec });
    await admin.post(`/api/v1/forms/${object.id}/publish`, { note: null }, (await admin.get(`/api/v1/forms/${object.id}`)).version);
    const doc = { v: 1, nodes: [{ id: 'pick', name: '项目负责人', kind: 'approve', who: { by: 'chosen', most: 1 }, how: 'any', empty: 'admin' }] };
    const flow = await admin.post('/api/v1/flows', { name: '费用审批', subject: { kind: 'object', id: object.id }, draft: doc });
    await admin.post(`/api/v1/flows/${flow.id}/publish`, { note: null }, flow.version);
    await admin.put(`/api/v1/flows/${flow.id}/use`, { on: true });

    await step('fields are built by clicking and published', async () => {
      await desk.signIn(page, base, 'zhoumin');
      await page.getByRole('link', { name: '设计' }).click();
      await page.getByRole('link', { name: '自定义字段' }).click();
      await page.getByText('还没有字段').first().waitFor();
      await shot('nouns');
      assert.deepEqual(await axe(page), []);
      await page.getByRole('button', { name: /^客户/ }).click();
      const palette = page.getByRole('navigation', { name: '字段' });
      assert.equal(await palette.getByRole('button', { name: '现场拍照' }).count(), 0, 'proof lies with visits');
      const named = async (kind, zh, en) => {
        await palette.getByRole('button', { name: kind, exact: true }).click();
        await page.getByLabel('中文题目').fill(zh);
        await page.getByLabel('英文题目').fill(en);
      };
      await named('数字', '货架米数', 'Shelf metres');
      await named('文本', '采购负责人', 'Buyer');
      await page.getByText('检查通过').waitFor();
      await until(async () => !(await desk.button(page, '发布 v1').isDisabled()), 'the draft to be kept');
      await shot('designer');
      assert.deepEqual(await axe(page), []);
      await desk.button(page, '发布 v1').click();
      await desk.button(page.getByRole('dialog', { name: '发布 v1' }), '发布').click();
      await page.getByText('已发布 v1').waitFor();
      const { items } = await admin.get('/api/v1/custom-fields');
      assert.deepEqual([items[0].noun, items[0].spec.fields.map((one) => one.key)], ['customer', ['number', 'text']]);
    });

    await step('they are filled in at the desk, and a wrong one is said', async () => {
      await page.goto(`${base}/customers/${shop.id}?edit=${shop.id}`);
      const form = page.getByRole('complementary').filter({ hasText: '公司字段' });
      await form.getByRole('group', { name: '货架米数' }).getByRole('spinbutton').fill('4.5');
      await desk.button(form, '保存').click();
      await form.getByText('公司字段还有 1 处要填或要改').waitFor();
      await form.getByRole('group', { name: '货架米数' }).getByRole('spinbutton').fill('4');
      await form.getByRole('group', { name: '采购负责人' }).getByRole('textbox').fill('钱塘江');
      await shot('form');
      assert.deepEqual(await axe(page), []);
      await desk.button(form, '保存').click();
      await page.getByRole('region', { name: '公司字段' }).getByText('钱塘江').waitFor();
      await shot('drawer');
      assert.deepEqual(await axe(page), []);
      assert.deepEqual((await admin.get(`/api/v1/customers/${shop.id}`)).custom, { number: 4, text: '钱塘江' });
    });

    await step('the list is filtered by them, in the address, and the file has them', async () => {
      await page.goto(`${base}/customers?layout=list&f.number=3~`);
      await page.getByText('苏福便利').first().waitFor();
      await until(async () => (await page.getByText('广利超市').count()) === 0, 'the other shop to be filtered out');
      await page.getByRole('searchbox', { name: '店名、拼音、电话' }).fill('钱塘');
      await page.getByText('苏福便利').first().waitFor();
      await shot('list');
      assert.deepEqual(await axe(page), []);
      const csv = await (await fetch(`${base}/api/v1/customers.csv`, { headers: { authorization: `Bearer ${admin.token}`, 'accept-language': 'zh-CN' } })).text();
      assert.ok(csv.includes('货架米数') && csv.includes('钱塘江'), csv);
    });

    await step('the phone shows them without a network', async () => {
      await hand.signIn(screen, base, 'zhangwei');
      await screen.getByRole('button', { name: '同意并开始' }).click();
      await screen.evaluate(() => navigator.serviceWorker.ready.then(() => true));
      await screen.goto(`${base}/m/customers/${shop.id}`);
      await screen.getByText('钱塘江').waitFor();
      await phone.setOffline(true);
      await screen.reload();
      await screen.getByText('钱塘江').waitFor();
      await screen.getByText('货架米数').scrollIntoViewIfNeeded();
      await shot('phone-customer', screen);
      assert.deepEqual(await axe(screen), []);
    });

    await step('who decides is chosen before it is handed in, without a network', async () => {
      await screen.goto(`${base}/m/objects/cost/new`);
      await screen.getByRole('textbox', { name: '事由' }).fill('中秋陈列');
      const who = screen.getByRole('region', { name: '由谁审批' });
      await who.getByRole('button', { name: '陈静' }).click();
      await shot('phone-choose', screen);
      assert.deepEqual(await axe(screen), []);
      await hand.press(screen, '提交');
      await screen.getByText('待上传').waitFor();
      await phone.setOffline(false);
      const chief = await api(base).as('chenjing');
      await until(async () => (await chief.get('/api/v1/approvals')).items.length === 1, 'the one who was chosen to be asked', 60_000);
    });

    await step('he answers with a file, and the rep reads it on the phone and answers', async () => {
      await desk.signIn(page, base, 'chenjing');
      const chief = await api(base).as('chenjing');
      const [row] = (await chief.get('/api/v1/approvals')).items;
      await page.goto(`${base}/approvals/${row.id}`);
      await page.getByLabel('附文件', { exact: true }).last().setInputFiles(PDF);
      await page.getByRole('button', { name: /去掉 报价单/ }).waitFor();
      await page.getByLabel('意见（可不填）').fill('照这个价');
      await shot('attach');
      assert.deepEqual(await axe(page), []);
      await desk.button(page, '评论').click();
      await page.getByRole('link', { name: /报价单\.pdf/ }).waitFor();
      await shot('trail');
      await screen.goto(`${base}/m/approvals/${row.id}`);
      await screen.getByRole('button', { name: '报价单.pdf' }).waitFor();
      const [download] = await Promise.all([screen.waitForEvent('download'), screen.getByRole('button', { name: '报价单.pdf' }).click()]);
      assert.equal(readFileSync(await download.path(), 'latin1').slice(0, 5), '%PDF-');
      const say = screen.getByRole('region', { name: '说一句' });
      await say.getByRole('textbox').fill('收到');
      await say.getByLabel('附文件').last().setInputFiles({ ...PDF, name: '现场.pdf' });
      await say.getByText('现场.pdf').waitFor();
      await say.getByRole('button', { name: '发送' }).click();
      await screen.getByText('收到').waitFor();
      await shot('phone-comment', screen);
      assert.deepEqual(await axe(screen), []);
      // Without a network nothing is promised.
      await phone.setOffline(true);
      await screen.getByPlaceholder('没有网络，不能评论').waitFor();
      assert.equal(await say.getByRole('textbox').isDisabled(), true);
      await phone.setOffline(false);
      await desk.button(page, 'Switch to English').click();
      await page.getByText('What happened').waitFor();
      await shot('english');
      assert.deepEqual(await axe(page), []);
    });

    assert.deepEqual([...office.faults, ...phone.faults], []);
  });
}
