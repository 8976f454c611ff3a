// An object of the company's own in the browser: 促销活动 is built with fields, list, numbers and permissions by clicking and
// published, and a flow of two levels is drawn for it; it appears beside the other pages without a reload; a rep fills it in
// without a signal; it arrives once, with a number, is approved at two levels on the phone, and is in the list, the file and the
// API the same minute; a sibling department's manager does not see it. Everybody's screens are Chinese, and once more English.
//   ENGINES=sqlite  one engine   ·   LANGUAGES=zh  one language   ·   SHOTS=dir  keeps pictures
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import * as desk from './console.mjs';
import { PASSWORD, api, axe, browser, folder, startServer, steps, until } from './lib.mjs';
import * as hand from './phone.mjs';
import { wordsOf } from './words.mjs';

const OFFICE = [118.79, 32.05];
const RECORDS = '/api/v1/objects/promotion/records';
const RUNS = (process.env.ENGINES ?? 'sqlite,postgres').split(',').flatMap((engine) => (process.env.LANGUAGES ?? 'zh,en').split(',').map((language) => ({ engine, language })));

for (const { engine, language } of RUNS) {
  test(`objects in ${language} on ${engine}`, { timeout: 300_000 }, async (t) => {
    const w = wordsOf(language);
    /** What the company itself calls something. */
    const ours = (zh, en) => (language === 'zh' ? zh : en);
    const server = await startServer(engine);
    const { base } = server;
    const locale = language === 'zh' ? 'zh-CN' : 'en-US';
    const carried = () => browser({ profile: folder(), phone: true, still: true, locale, place: { longitude: OFFICE[0], latitude: OFFICE[1], accuracy: 8 } });
    const office = await browser({ profile: folder(), locale });
    const other = await browser({ profile: folder(), locale });
    const phone = await carried();
    t.after(async () => {
      await phone.close();
      await other.close();
      await office.close();
      await server.stop();
    });
    const [page, beside, screen] = [office.pages()[0], other.pages()[0], phone.pages()[0]];
    let head = null;
    const step = steps(t, `objects-${language}-${engine}`, () => ({ desk: page, manager: beside, phone: screen, ...(head ? { head } : {}) }));
    const shot = async (name, where = page) => {
      if (!process.env.SHOTS) return;
      mkdirSync(process.env.SHOTS, { recursive: true });
      await where.screenshot({ path: `${process.env.SHOTS}/objects-${language}-${engine}-${name}.png` });
    };

    await api(base).post('/api/v1/setup', { company: '惠民饮品', time_zone: 'Asia/Shanghai', admin_name: '周敏', login: 'zhoumin', password: PASSWORD });
    const admin = await api(base).as('zhoumin');
    const top = (await admin.get('/api/v1/departments')).items[0].id;
    const [region, sibling] = await Promise.all(['一区', '二区'].map(async (name) => (await admin.post('/api/v1/departments', { name, parent_id: top, manager_ids: [] })).id));
    const roles = Object.fromEntries((await admin.get('/api/v1/roles')).items.map((r) => [r.key, r]));
    const person = async (name, login, role, department_id) => (await admin.post('/api/v1/employees', { name, login, password: PASSWORD, role_id: roles[role].id, department_id })).employee.id;
    const rep = await person('张伟', 'zhangwei', 'rep', region);
    for (const [department, name, login] of [[region, '李强', 'liqiang'], [top, '赵敏', 'zhaomin']]) {
      const lead = await person(name, login, 'rep', department);
      const row = (await admin.get('/api/v1/departments')).items.find((one) => one.id === department);
      await admin.patch(`/api/v1/departments/${department}`, row.version, { manager_ids: [lead] });
    }
    await person('陈静', 'chenjing', 'manager', region);
    await person('何静', 'hejing', 'manager', sibling);
    const shop = await admin.post('/api/v1/customers', { name: '苏福便利', grade: 'A', at: OFFICE, owner_id: rep });
    const [promotion, title, budget, kind, place, pictures, contract] = [
      ours('促销活动', 'Promotion'), ours('活动名称', 'Campaign'), ours('预算', 'Budget'), ours('形式', 'Form of it'), ours('门店', 'Store'), ours('活动照片', 'Pictures of it'), ours('合同', 'Contract')];
    const publish = async () => {
      await desk.button(page, w('发布 v1', 'designer')).click();
      await desk.button(page.getByRole('dialog', { name: w('发布 v1', 'designer') }), w('发布', 'designer')).click();
      await page.getByText(w('已发布 v1', 'designer')).waitFor();
    };
    const checked = async () => {
      await page.getByText(w('检查通过', 'designer')).waitFor();
      await until(async () => !(await desk.button(page, w('发布 v1', 'designer')).isDisabled()), 'the draft to be kept');
    };

    await step('an object is built by clicking: name, fields, list, numbers, permissions', async () => {
      await desk.signIn(page, base, 'zhoumin', { w });
      // A manager has the console open before there is anything: it will appear by itself.
      await desk.signIn(beside, base, 'chenjing', { w });
      await beside.getByRole('navigation', { name: w('主导航', 'shell') }).waitFor();
      assert.equal(await beside.getByRole('link', { name: w('业务', 'shell'), exact: true }).count(), 0);
      await page.getByRole('link', { name: w('设计', 'shell') }).click();
      await page.getByRole('link', { name: w('对象', 'objects') }).click();
      await page.getByText(w('还没有对象', 'objects')).waitFor();
      await shot('none');
      assert.deepEqual(await axe(page), []);
      await desk.button(page, w('新建对象', 'objects')).first().click();
      const dialog = page.getByRole('dialog', { name: w('新建对象', 'objects') });
      await dialog.getByLabel(w('中文名称', 'objects')).fill('促销活动');
      await dialog.getByLabel(w('英文名称', 'objects')).fill('Promotion');
      assert.equal(await dialog.getByLabel(w('标识', 'objects')).inputValue(), 'promotion');
      await dialog.getByRole('radio', { name: w('标签', 'objects'), exact: true }).click();
      assert.deepEqual(await axe(page), []);
      await desk.button(dialog, w('建好并打开', 'objects')).click();
      const palette = page.getByRole('navigation', { name: w('字段', 'designer') });
      const add = async (what, zh, en) => {
        await palette.getByRole('button', { name: w(what, 'designer'), exact: true }).click();
        await page.getByLabel(w('中文题目', 'designer')).fill(zh);
        await page.getByLabel(w('英文题目', 'designer')).fill(en);
      };
      assert.equal(await palette.getByRole('button', { name: w('检查项', 'designer') }).count(), 0, 'items are checked at visits');
      await add('文本', '活动名称', 'Campaign');
      await page.getByLabel(w('总是必填', 'designer')).check();
      await add('数字', '预算', 'Budget');
      await add('单选', '形式', 'Form of it');
      await add('日期', '开始日期', 'Start');
      await add('客户', '门店', 'Store');
      await add('现场拍照', '活动照片', 'Pictures of it');
      await add('文件', '合同', 'Contract');
      await checked();
      await shot('fields');
      assert.deepEqual(await axe(page), []);
      await page.getByRole('tab', { name: w('列表', 'objects') }).click();
      await page.getByLabel(w('用哪个字段作标题', 'objects')).selectOption({ label: title });
      for (const column of [budget, kind, place]) await page.getByRole('checkbox', { name: column }).check({ force: true });
      await page.getByRole('button', { name: w(`上移${place}`, 'objects') }).click();
      await shot('list');
      assert.deepEqual(await axe(page), []);
      const save = desk.button(page, w('保存', 'objects'));
      await save.click();
      await page.getByText(w('已保存', 'objects'), { exact: true }).first().waitFor();
      await page.getByRole('tab', { name: w('名称与编号', 'objects') }).click();
      const numbers = page.getByLabel(w('编号规则', 'objects'));
      await numbers.fill('CX-{yyyy}-{0');
      await save.click();
      await page.getByText(ours(/请写一个流水号/, /It needs one counter/)).first().waitFor();
      await numbers.fill('CX-{yyyy}-{000}');
      await save.click();
      await page.getByText(/CX-\d{4}-001/).first().waitFor();
      await shot('numbers');
      assert.deepEqual(await axe(page), []);
      await page.getByRole('tab', { name: w('权限', 'objects') }).click();
      await page.getByRole('combobox', { name: w(`${roles.rep.name}：${ours('删除', 'Delete')}`, 'objects') }).selectOption({ label: w('本人的', 'objects') });
      await shot('grants');
      assert.deepEqual(await axe(page), []);
      await save.click();
      await until(async () => (await admin.get('/api/v1/object-definitions')).items[0].version >= 4, 'the permissions to be kept');
      await page.getByRole('tab', { name: w('字段', 'objects') }).click();
      await publish();
      await page.getByRole('tab', { name: w('版本', 'objects') }).click();
      await page.getByText(w('周敏 发布', 'designer')).first().waitFor();
      assert.equal(await page.getByText('ODK Collect').count(), 0, 'its fields are no form for others');
      const [object] = (await admin.get('/api/v1/object-definitions')).items;
      assert.deepEqual([object.key, object.published], ['promotion', 1]);
    });

    await step('a flow of two levels is drawn for it by clicking', async () => {
      await page.goto(`${base}/designer/flows`);
      await desk.button(page, w('新建流程', 'flow')).first().click();
      const dialog = page.getByRole('dialog', { name: w('新建流程', 'flow') });
      await dialog.getByLabel(ours('名称', 'Name')).fill(ours('促销审批', 'Approval of promotions'));
      await dialog.getByRole('combobox', { name: new RegExp(`^${w('用于', 'flow')}`) }).selectOption({ label: promotion });
      await desk.button(dialog, w('建好并打开', 'flow')).click();
      await page.getByText(w('检查通过', 'flow')).waitFor();
      await page.getByRole('button', { name: w(`在“${w('审批', 'flow')}”后面加节点`, 'flow') }).click();
      await page.getByRole('menuitem', { name: w('请人批', 'flow') }).click();
      await page.getByLabel(w('节点名称', 'flow')).fill(ours('总部审批', 'Head office'));
      await page.getByLabel(w('第几级', 'flow'), { exact: true }).fill('2');
      await checked();
      await shot('flow');
      assert.deepEqual(await axe(page), []);
      await publish();
      await desk.button(page, w('启用', 'flow')).click();
      await page.getByText(w('使用中', 'flow'), { exact: true }).first().waitFor();
    });

    await step('it appears for those who may see it, without a reload', async () => {
      await beside.getByRole('link', { name: w('业务', 'shell'), exact: true }).waitFor({ timeout: 60_000 });
      await beside.getByRole('link', { name: w('业务', 'shell'), exact: true }).click();
      await beside.getByRole('link', { name: promotion }).waitFor();
      await beside.getByText(w('还没有记录', 'objects')).waitFor();
      await shot('empty', beside);
      assert.deepEqual(await axe(beside), []);
    });

    await step('a rep fills it in without a signal', async () => {
      await hand.signIn(screen, base, 'zhangwei', { w });
      await screen.getByRole('button', { name: w('同意并开始', 'field.entry') }).click();
      await screen.evaluate(() => navigator.serviceWorker.ready.then(() => true));
      await screen.goto(`${base}/m/new`);
      await screen.getByRole('link', { name: promotion }).waitFor();
      await shot('phone-new', screen);
      assert.deepEqual(await axe(screen), []);
      await screen.getByRole('link', { name: promotion }).click();
      await screen.getByText(w('还没有记录', 'field.objects')).waitFor();
      await phone.setOffline(true);
      await hand.press(screen, w('新建', 'field.objects'));
      await screen.getByRole('heading', { name: promotion }).waitFor();
      await hand.press(screen, w('提交', 'field.objects'));
      await screen.getByText(w('必填', 'field.form'), { exact: true }).first().waitFor();
      const named = screen.getByRole('textbox', { name: title });
      await named.fill('中秋堆头');
      await screen.getByRole('textbox', { name: budget }).fill('800');
      await screen.getByRole('radio', { name: ours('选项一', 'Option 1') }).click();
      // Killed in the middle: what was answered is there again. Nobody kills an app within the moment of a tap.
      await screen.waitForTimeout(500);
      await screen.reload();
      await named.waitFor();
      assert.equal(await named.inputValue(), '中秋堆头');
      await screen.getByRole('radiogroup', { name: place }).getByRole('radio', { name: '苏福便利' }).click();
      // A picture and a document, kept on the phone at once; what was taken out again never leaves it.
      const drawn = await screen.evaluate(() => {
        const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 240 });
        canvas.getContext('2d').fillRect(40, 40, 120, 90);
        return canvas.toDataURL('image/png').split(',')[1];
      });
      await screen.locator(`input[type=file][aria-label="${pictures}"]`).setInputFiles({ name: '堆头.png', mimeType: 'image/png', buffer: Buffer.from(drawn, 'base64') });
      await screen.getByRole('img', { name: w('照片 1', 'field.form') }).waitFor();
      const documents = screen.locator(`input[type=file][aria-label="${contract}"]`);
      for (const name of ['草稿.pdf', '合同.pdf']) {
        await documents.setInputFiles({ name, mimeType: 'application/pdf', buffer: Buffer.from(`%PDF-1.7 ${name}`) });
        await screen.getByText(name).waitFor();
      }
      await screen.getByRole('button', { name: w('去掉文件 草稿.pdf', 'field.form') }).click();
      await screen.waitForTimeout(500);
      await screen.reload();
      await screen.getByText('合同.pdf').waitFor();
      await screen.getByRole('img', { name: w('照片 1', 'field.form') }).waitFor();
      assert.equal(await screen.getByText('草稿.pdf').count(), 0);
      await shot('phone-form', screen);
      assert.deepEqual(await axe(screen), []);
      await hand.press(screen, w('提交', 'field.objects'));
      await screen.getByText(w('待上传', 'field.objects')).waitFor();
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

    const exported = async () => {
      const [download] = await Promise.all([beside.waitForEvent('download'), beside.getByRole('button', { name: w('导出 CSV', 'objects') }).click()]);
      return readFileSync(await download.path(), 'utf8');
    };

    await step('it is approved at two levels on the phone, and the list, the file and the API say so the same minute', async () => {
      const standing = async () => (await admin.get(RECORDS)).items[0].approval.status;
      assert.equal(await standing(), 'running');
      const decide = async (login) => {
        const own = await carried();
        try {
          [head] = own.pages();
          await hand.signIn(head, base, login, { w });
          await head.getByRole('button', { name: w('同意并开始', 'field.entry') }).click();
          await head.getByText(w('今天没有计划', 'field.today')).first().waitFor();
          await head.goto(`${base}/m/approvals`);
          const list = head.getByRole('list', { name: w('审批列表', 'field.approval') });
          await list.getByText(/中秋堆头/).first().waitFor();
          await shot(`phone-approve-${login}`, head);
          assert.deepEqual(await axe(head), []);
          const pressed = Date.now();
          await list.getByRole('listitem').first().getByRole('button', { name: w('通过', 'field.approval') }).click();
          await until(async () => !(await head.getByText(/中秋堆头/).count()), 'it to be gone from the inbox');
          assert.deepEqual(own.faults, []);
          return pressed;
        } finally {
          head = null;
          await own.close();
        }
      };
      await decide('liqiang');
      assert.equal(await standing(), 'running', 'the second level has not decided');
      const pressed = await decide('zhaomin');
      await until(async () => (await standing()) === 'approved', 'both levels');
      await beside.getByRole('link', { name: promotion }).click();
      await beside.reload();
      await beside.getByText('中秋堆头').first().waitFor();
      const approved = w('已通过', 'field.approval');
      await beside.getByText(ours('已通过', /^approved$/i)).first().waitFor();
      await shot('approved', beside);
      const text = await exported();
      assert.match(text, /CX-\d{4}-001/);
      assert.ok(text.includes('中秋堆头') && text.includes('800') && text.includes('苏福便利') && text.toLowerCase().includes(approved.toLowerCase()), text);
      const took = Date.now() - pressed;
      assert.ok(took < 60_000, `${took} ms from the last approval to the list, the file and the API`);
    });

    await step('his manager finds it and changes it: it is asked again', async () => {
      await beside.getByRole('searchbox', { name: w('编号、标题或内容', 'objects') }).fill('中秋');
      await until(() => beside.url().includes('q='), 'the address to follow');
      await beside.getByText('中秋堆头').first().click();
      const drawer = beside.getByRole('complementary').filter({ hasText: '张伟' }).last();
      await drawer.getByText('800').waitFor();
      await drawer.getByRole('link', { name: '合同.pdf' }).waitFor();
      await until(() => drawer.getByRole('img', { name: pictures }).evaluate((one) => one.naturalWidth > 0), 'the picture');
      await shot('record', beside);
      assert.deepEqual(await axe(beside), []);
      await desk.button(drawer, ours('修改', 'Change')).click();
      const why = w('为什么修改', 'objects');
      const form = beside.getByRole('complementary').filter({ hasText: why });
      await form.getByLabel(budget).getByRole('spinbutton').fill('900');
      assert.equal(await desk.button(form, w('保存修改', 'objects')).isDisabled(), true, 'a change says why');
      await form.getByLabel(why).fill('加了海报');
      await shot('change', beside);
      assert.deepEqual(await axe(beside), []);
      await desk.button(form, w('保存修改', 'objects')).click();
      await beside.getByText('加了海报').waitFor();
      await beside.getByText(w('改过 1 次', 'objects')).waitFor();
      // What was approved said 800: it is asked again.
      await beside.getByText(ours('审批中', /^running$/i)).first().waitFor();
      await beside.keyboard.press('Escape');
      const text = await exported();
      assert.ok(text.includes('900') && !text.includes('800'), text);
      await desk.button(beside, w(`新建${promotion}`, 'objects')).first().click();
      const fresh = beside.getByRole('complementary').filter({ hasText: title }).last();
      await fresh.getByLabel(title).getByRole('textbox').fill('国庆海报');
      const chosen = fresh.locator(`input[type=file][aria-label="${contract}"]`);
      await chosen.setInputFiles({ name: '程序.pdf', mimeType: 'application/pdf', buffer: Buffer.from('MZ no document') });
      await fresh.getByText(ours('不支持的文件', /Not a supported file/)).first().waitFor();
      await chosen.setInputFiles({ name: '报价.csv', mimeType: 'text/csv', buffer: Buffer.from('品名,价格\n海报,20\n') });
      await fresh.getByRole('link', { name: '报价.csv' }).waitFor();
      await shot('desk-file', beside);
      assert.deepEqual(await axe(beside), []);
      await desk.button(fresh, w('提交', 'objects')).click();
      await beside.getByText(ours(/已新建 CX-\d{4}-002/, /CX-\d{4}-002 made/)).waitFor();
      await page.goto(`${base}/customers/${shop.id}`);
      await page.getByRole('heading', { name: w('业务记录', 'objects') }).waitFor();
      await page.getByRole('link', { name: /中秋堆头/ }).waitFor();
      await shot('customer');
    });

    await step('a sibling department sees none of it', async () => {
      const sister = await api(base).as('hejing');
      assert.equal((await sister.get(`${RECORDS}?count=true`)).total, 0);
      await desk.signIn(page, base, 'hejing', { w });
      await page.goto(`${base}/business/promotion`);
      await page.getByText(w('还没有记录', 'objects')).waitFor();
      const { items } = await admin.get(RECORDS);
      await page.goto(`${base}/business/promotion?record=${items[0].id}`);
      await page.getByText(ours(/找不到|不存在/, /not found|no longer|does not exist/i)).first().waitFor();
      await desk.button(page, ours('Switch to English', '切换到中文')).click();
      await page.getByRole('link', { name: ours('Promotion', '促销活动') }).waitFor();
      await shot('other-language');
      assert.deepEqual(await axe(page), []);
    });

    assert.deepEqual([...office.faults, ...other.faults, ...phone.faults], []);
  });
}
