// An object of the company's own in the browser: 促销活动 is built with fields, list, numbers and permissions by clicking and
// published, and a flow of two levels is drawn for it; it appears beside the other pages without a reload; a rep fills it in
// without a signal; it arrives once, with a number, is approved at two levels on the phone, and is in the list, the file and the
// API the same minute; a sibling department's manager does not see it.
//   ENGINES=sqlite  one engine   ·   SHOTS=dir  keeps pictures
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import * as desk from './console.mjs';
import { PASSWORD, api, axe, browser, folder, startServer, steps, until } from './lib.mjs';
import * as hand from './phone.mjs';

const OFFICE = [118.79, 32.05];
const RECORDS = '/api/v1/objects/promotion/records';

for (const engine of (process.env.ENGINES ?? 'sqlite,postgres').split(',')) {
  test(`objects on ${engine}`, { timeout: 300_000 }, async (t) => {
    const server = await startServer(engine);
    const { base } = server;
    const office = await browser({ profile: folder() });
    const other = await browser({ profile: folder() });
    const phone = await browser({ profile: folder(), phone: true, still: true, place: { longitude: OFFICE[0], latitude: OFFICE[1], accuracy: 8 } });
    t.after(async () => {
      await phone.close();
      await other.close();
      await office.close();
      await server.stop();
    });
    const [page, beside, screen] = [office.pages()[0], other.pages()[0], phone.pages()[0]];
    let head = null;
    const step = steps(t, `objects-${engine}`, () => ({ desk: page, manager: beside, phone: screen, ...(head ? { head } : {}) }));
    const shot = async (name, where = page) => {
      if (!process.env.SHOTS) return;
      mkdirSync(process.env.SHOTS, { recursive: true });
      await where.screenshot({ path: `${process.env.SHOTS}/objects-${engine}-${name}.png` });
    };

    await api(base).post('/api/v1/setup', { company: '惠民饮品', time_zone: 'Asia/Shanghai', admin_name: '周敏', login: 'zhoumin', password: PASSWORD });
    const admin = await api(base).as('zhoumin');
    const top = (await admin.get('/api/v1/departments')).items[0].id;
    const [region, sibling] = await Promise.all(['一区', '二区'].map(async (name) => (await admin.post('/api/v1/departments', { name, parent_id: top, manager_ids: [] })).id));
    const roles = Object.fromEntries((await admin.get('/api/v1/roles')).items.map((r) => [r.key, r.id]));
    const person = async (name, login, role, department_id) => (await admin.post('/api/v1/employees', { name, login, password: PASSWORD, role_id: roles[role], department_id })).employee.id;
    const rep = await person('张伟', 'zhangwei', 'rep', region);
    for (const [department, name, login] of [[region, '李强', 'liqiang'], [top, '赵敏', 'zhaomin']]) {
      const lead = await person(name, login, 'rep', department);
      const row = (await admin.get('/api/v1/departments')).items.find((one) => one.id === department);
      await admin.patch(`/api/v1/departments/${department}`, row.version, { manager_ids: [lead] });
    }
    await person('陈静', 'chenjing', 'manager', region);
    await person('何静', 'hejing', 'manager', sibling);
    const shop = await admin.post('/api/v1/customers', { name: '苏福便利', grade: 'A', at: OFFICE, owner_id: rep });

    await step('an object is built by clicking: name, fields, list, numbers, permissions', async () => {
      await desk.signIn(page, base, 'zhoumin');
      // A manager has the console open before there is anything: it will appear by itself.
      await desk.signIn(beside, base, 'chenjing');
      await beside.getByRole('navigation', { name: '主导航' }).waitFor();
      assert.equal(await beside.getByRole('link', { name: '业务' }).count(), 0);
      await page.getByRole('link', { name: '设计' }).click();
      await page.getByRole('link', { name: '对象' }).click();
      await page.getByText('还没有对象').waitFor();
      await shot('none');
      assert.deepEqual(await axe(page), []);
      await desk.button(page, '新建对象').first().click();
      const dialog = page.getByRole('dialog', { name: '新建对象' });
      await dialog.getByLabel('中文名称').fill('促销活动');
      await dialog.getByLabel('英文名称').fill('Promotion');
      assert.equal(await dialog.getByLabel('标识').inputValue(), 'promotion');
      await dialog.getByRole('radio', { name: '标签', exact: true }).click();
      assert.deepEqual(await axe(page), []);
      await desk.button(dialog, '建好并打开').click();
      const palette = page.getByRole('navigation', { name: '字段' });
      const named = async (kind, zh, en) => {
        await palette.getByRole('button', { name: kind, exact: true }).click();
        await page.getByLabel('中文题目').fill(zh);
        await page.getByLabel('英文题目').fill(en);
      };
      assert.equal(await palette.getByRole('button', { name: '检查项' }).count(), 0, 'items are checked at visits');
      await named('文本', '活动名称', 'Name');
      await page.getByLabel('总是必填').check();
      await named('数字', '预算', 'Budget');
      await named('单选', '形式', 'Kind');
      await named('日期', '开始日期', 'Start');
      await named('客户', '门店', 'Shop');
      await named('现场拍照', '活动照片', 'Photos');
      await named('文件', '合同', 'Contract');
      await page.getByText('检查通过').waitFor();
      await until(async () => !(await desk.button(page, '发布 v1').isDisabled()), 'the draft to be kept');
      await shot('fields');
      assert.deepEqual(await axe(page), []);
      await page.getByRole('tab', { name: '列表' }).click();
      await page.getByLabel('用哪个字段作标题').selectOption({ label: '活动名称' });
      for (const column of ['预算', '形式', '门店']) await page.getByRole('checkbox', { name: column }).check({ force: true });
      await page.getByRole('button', { name: '上移门店' }).click();
      await shot('list');
      assert.deepEqual(await axe(page), []);
      await desk.button(page, '保存').click();
      await page.getByText('已保存', { exact: true }).first().waitFor();
      await page.getByRole('tab', { name: '名称与编号' }).click();
      await page.getByLabel('编号规则').fill('CX-{yyyy}-{0');
      await desk.button(page, '保存').click();
      await page.getByText(/请写一个流水号/).first().waitFor();
      await page.getByLabel('编号规则').fill('CX-{yyyy}-{000}');
      await desk.button(page, '保存').click();
      await page.getByText(/下一个编号：CX-\d{4}-001/).waitFor();
      await shot('numbers');
      assert.deepEqual(await axe(page), []);
      await page.getByRole('tab', { name: '权限' }).click();
      await page.getByRole('combobox', { name: /外勤.*：删除/ }).selectOption({ label: '本人的' });
      await shot('grants');
      assert.deepEqual(await axe(page), []);
      await desk.button(page, '保存').click();
      await until(async () => (await admin.get('/api/v1/object-definitions')).items[0].version >= 4, 'the permissions to be kept');
      await page.getByRole('tab', { name: '字段' }).click();
      await desk.button(page, '发布 v1').click();
      await desk.button(page.getByRole('dialog', { name: '发布 v1' }), '发布').click();
      await page.getByText('已发布 v1').waitFor();
      await page.getByRole('tab', { name: '版本' }).click();
      await page.getByText(/发布/).first().waitFor();
      assert.equal(await page.getByText('ODK Collect').count(), 0, 'its fields are no form for others');
      const [object] = (await admin.get('/api/v1/object-definitions')).items;
      assert.deepEqual([object.key, object.published], ['promotion', 1]);
    });

    await step('a flow of two levels is drawn for it by clicking', async () => {
      await page.goto(`${base}/designer/flows`);
      await desk.button(page, '新建流程').first().click();
      const dialog = page.getByRole('dialog', { name: '新建流程' });
      await dialog.getByLabel('名称').fill('促销审批');
      await dialog.getByLabel('用于').selectOption({ label: '促销活动' });
      await desk.button(dialog, '建好并打开').click();
      await page.getByText('检查通过').waitFor();
      await page.getByRole('button', { name: '在“审批”后面加节点' }).click();
      await page.getByRole('menuitem', { name: /请人批/ }).click();
      await page.getByLabel('节点名称').fill('总部审批');
      await page.getByLabel('第几级').fill('2');
      await page.getByText('检查通过').waitFor();
      await until(async () => !(await desk.button(page, '发布 v1').isDisabled()), 'the draft to be kept');
      await shot('flow');
      await desk.button(page, '发布 v1').click();
      await desk.button(page.getByRole('dialog', { name: '发布 v1' }), '发布').click();
      await page.getByText('已发布 v1').waitFor();
      await desk.button(page, '启用').click();
      await page.getByText('使用中').first().waitFor();
    });

    await step('it appears for those who may see it, without a reload', async () => {
      await beside.getByRole('link', { name: '业务' }).waitFor({ timeout: 60_000 });
      await beside.getByRole('link', { name: '业务' }).click();
      await beside.getByRole('link', { name: '促销活动' }).waitFor();
      await beside.getByText('还没有记录').waitFor();
      await shot('empty', beside);
      assert.deepEqual(await axe(beside), []);
    });

    await step('a rep fills it in without a signal', async () => {
      await hand.signIn(screen, base, 'zhangwei');
      await screen.getByRole('button', { name: '同意并开始' }).click();
      await screen.evaluate(() => navigator.serviceWorker.ready.then(() => true));
      await screen.goto(`${base}/m/new`);
      await screen.getByRole('link', { name: '促销活动' }).waitFor();
      await shot('phone-new', screen);
      assert.deepEqual(await axe(screen), []);
      await screen.getByRole('link', { name: '促销活动' }).click();
      await screen.getByText('还没有记录').waitFor();
      await phone.setOffline(true);
      await hand.press(screen, '新建');
      await screen.getByRole('heading', { name: '促销活动' }).waitFor();
      await hand.press(screen, '提交');
      await screen.getByText('必填', { exact: true }).first().waitFor();
      await screen.getByRole('textbox', { name: '活动名称' }).fill('中秋堆头');
      await screen.getByRole('textbox', { name: '预算' }).fill('800');
      await screen.getByRole('radio', { name: '选项一' }).click();
      // Killed in the middle: what was answered is there again. Nobody kills an app within the moment of a tap.
      await screen.waitForTimeout(500);
      await screen.reload();
      await screen.getByRole('textbox', { name: '活动名称' }).waitFor();
      assert.equal(await screen.getByRole('textbox', { name: '活动名称' }).inputValue(), '中秋堆头');
      await screen.getByRole('radiogroup', { name: '门店' }).getByRole('radio', { name: '苏福便利' }).click();
      // A picture and a document, kept on the phone at once; what was taken out again never leaves it.
      const drawn = await screen.evaluate(() => {
        const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 240 });
        canvas.getContext('2d').fillRect(40, 40, 120, 90);
        return canvas.toDataURL('image/png').split(',')[1];
      });
      await screen.locator('input[type=file][aria-label="活动照片"]').setInputFiles({ name: '堆头.png', mimeType: 'image/png', buffer: Buffer.from(drawn, 'base64') });
      await screen.getByRole('img', { name: '照片 1' }).waitFor();
      const documents = screen.locator('input[type=file][aria-label="合同"]');
      for (const name of ['草稿.pdf', '合同.pdf']) {
        await documents.setInputFiles({ name, mimeType: 'application/pdf', buffer: Buffer.from(`%PDF-1.7 ${name}`) });
        await screen.getByText(name).waitFor();
      }
      await screen.getByRole('button', { name: '去掉文件 草稿.pdf' }).click();
      await screen.waitForTimeout(500);
      await screen.reload();
      await screen.getByText('合同.pdf').waitFor();
      await screen.getByRole('img', { name: '照片 1' }).waitFor();
      assert.equal(await screen.getByText('草稿.pdf').count(), 0);
      await shot('phone-form', screen);
      assert.deepEqual(await axe(screen), []);
      await hand.press(screen, '提交');
      await screen.getByText('待上传').waitFor();
      await shot('phone-waiting', screen);
      assert.deepEqual(await axe(screen), []);
      assert.equal((await admin.get(`${RECORDS}?count=true`)).total, 0, 'nothing has travelled yet');
    });

    await step('it arrives once, and its number shows on the phone', async () => {
      await phone.setOffline(false);
      await screen.getByText(/CX-\d{4}-001/).waitFor({ timeout: 60_000 });
      await shot('phone-list', screen);
      const { items, total } = await admin.get(`${RECORDS}?count=true`);
      assert.deepEqual([total, items[0].title, items[0].answers.number, items[0].names[shop.id]], [1, '中秋堆头', 800, '苏福便利']);
      const files = async () => (await admin.get(`${RECORDS}/${items[0].id}`)).files.map((one) => one.name).sort();
      await until(async () => (await files()).length === 2, 'its files', 60_000);
      assert.deepEqual(await files(), ['合同.pdf', '堆头.jpg']);
    });

    await step('it is approved at two levels on the phone', async () => {
      const standing = async () => (await admin.get(RECORDS)).items[0].approval.status;
      assert.equal(await standing(), 'running');
      const decide = async (login) => {
        const own = await browser({ profile: folder(), phone: true, still: true, place: { longitude: OFFICE[0], latitude: OFFICE[1], accuracy: 8 } });
        try {
          [head] = own.pages();
          await hand.signIn(head, base, login);
          await head.getByRole('button', { name: '同意并开始' }).click();
          await head.getByText('今天没有计划').first().waitFor();
          await head.goto(`${base}/m/approvals`);
          const list = head.getByRole('list', { name: '审批列表' });
          await list.getByText(/中秋堆头/).first().waitFor();
          await shot(`phone-approve-${login}`, head);
          assert.deepEqual(await axe(head), []);
          await list.getByRole('listitem').first().getByRole('button', { name: '通过' }).click();
          await until(async () => !(await head.getByText(/中秋堆头/).count()), 'it to be gone from the inbox');
          assert.deepEqual(own.faults, []);
        } finally {
          head = null;
          await own.close();
        }
      };
      await decide('liqiang');
      assert.equal(await standing(), 'running', 'the second level has not decided');
      await decide('zhaomin');
      await until(async () => (await standing()) === 'approved', 'both levels');
    });

    await step('his manager finds it, changes it and takes it out as a file the same minute', async () => {
      await beside.getByRole('link', { name: '促销活动' }).click();
      await beside.reload();
      await beside.getByText('中秋堆头').first().waitFor();
      await beside.getByText('已通过').first().waitFor();
      await shot('approved', beside);
      await beside.getByRole('searchbox', { name: '编号、标题或内容' }).fill('中秋');
      await until(() => beside.url().includes('q='), 'the address to follow');
      await beside.getByText('中秋堆头').first().click();
      const drawer = beside.getByRole('complementary').filter({ hasText: '张伟' }).last();
      await drawer.getByText('800').waitFor();
      await drawer.getByRole('link', { name: '合同.pdf' }).waitFor();
      await until(() => drawer.getByRole('img', { name: '活动照片' }).evaluate((one) => one.naturalWidth > 0), 'the picture');
      await shot('record', beside);
      assert.deepEqual(await axe(beside), []);
      await desk.button(drawer, '修改').click();
      const form = beside.getByRole('complementary').filter({ hasText: '为什么修改' });
      await form.getByLabel('预算').getByRole('spinbutton').fill('900');
      assert.equal(await desk.button(form, '保存修改').isDisabled(), true, 'a change says why');
      await form.getByLabel('为什么修改').fill('加了海报');
      await shot('change', beside);
      assert.deepEqual(await axe(beside), []);
      await desk.button(form, '保存修改').click();
      await beside.getByText('加了海报').waitFor();
      await beside.getByText('改过 1 次').waitFor();
      // What was approved said 800: it is asked again.
      await beside.getByText('审批中').first().waitFor();
      await beside.keyboard.press('Escape');
      const [download] = await Promise.all([beside.waitForEvent('download'), beside.getByRole('button', { name: '导出 CSV' }).click()]);
      const text = readFileSync(await download.path(), 'utf8');
      assert.match(text, /CX-\d{4}-001/);
      assert.ok(text.includes('中秋堆头') && text.includes('900') && text.includes('审批中') && text.includes('苏福便利'), text);
      await desk.button(beside, '新建促销活动').first().click();
      const fresh = beside.getByRole('complementary').filter({ hasText: '活动名称' }).last();
      await fresh.getByLabel('活动名称').getByRole('textbox').fill('国庆海报');
      const chosen = fresh.locator('input[type=file][aria-label="合同"]');
      await chosen.setInputFiles({ name: '程序.pdf', mimeType: 'application/pdf', buffer: Buffer.from('MZ no document') });
      await fresh.getByText('不支持的文件').waitFor();
      await chosen.setInputFiles({ name: '报价.csv', mimeType: 'text/csv', buffer: Buffer.from('品名,价格\n海报,20\n') });
      await fresh.getByRole('link', { name: '报价.csv' }).waitFor();
      await shot('desk-file', beside);
      assert.deepEqual(await axe(beside), []);
      await desk.button(fresh, '提交').click();
      await beside.getByText(/已新建 CX-\d{4}-002/).waitFor();
      await page.goto(`${base}/customers/${shop.id}`);
      await page.getByRole('heading', { name: '业务记录' }).waitFor();
      await page.getByRole('link', { name: /中秋堆头/ }).waitFor();
      await shot('customer');
    });

    await step('a sibling department sees none of it', async () => {
      const sister = await api(base).as('hejing');
      assert.equal((await sister.get(`${RECORDS}?count=true`)).total, 0);
      await desk.signIn(page, base, 'hejing');
      await page.goto(`${base}/business/promotion`);
      await page.getByText('还没有记录').waitFor();
      const { items } = await admin.get(RECORDS);
      await page.goto(`${base}/business/promotion?record=${items[0].id}`);
      await page.getByText('找不到').or(page.getByText('不存在')).first().waitFor();
      await desk.button(page, 'Switch to English').click();
      await page.getByRole('link', { name: 'Promotion' }).waitFor();
      await shot('english');
      assert.deepEqual(await axe(page), []);
    });

    assert.deepEqual([...office.faults, ...other.faults, ...phone.faults], []);
  });
}
