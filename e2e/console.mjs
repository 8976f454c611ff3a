// The hand of a person at the console: signs in, fills the forms, imports sheets.
import assert from 'node:assert/strict';
import { PASSWORD, until } from './lib.mjs';

/** A button of two Chinese letters may carry a space between them. */
export const button = (scope, words) => scope.getByRole('button', { name: words.length === 2 ? new RegExp(`^${words[0]}\\s?${words[1]}$`) : words, exact: true });

/** Chooses an option of a list, opened by its label. */
export async function choose(scope, label, option) {
  const page = scope.page?.() ?? scope;
  await scope.getByRole('combobox', { name: label, exact: true }).click();
  await page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option').filter({ hasText: option }).first().click();
}

const toast = (page, words) => page.getByText(words, { exact: false }).first().waitFor();

/** Signs in through the page of the console, whose words are `w`'s; with `initial`, the password somebody else gave is replaced first. */
export async function signIn(page, base, login, { password = PASSWORD, initial = null, code = null, w = (said) => said } = {}) {
  await page.context().clearCookies();
  await page.goto(`${base}/login`);
  await page.getByLabel(w('登录名', 'signin')).fill(login);
  await page.getByLabel(w('密码', 'signin'), { exact: true }).fill(initial ?? password);
  await button(page, w('登录', 'signin')).click();
  if (code) {
    await page.getByLabel('6 位验证码').fill(await code());
    await button(page, '登录').click();
  }
  await page.waitForURL((url) => url.pathname !== '/login');
  if (initial === null) return;
  await page.getByText('先换成你自己的密码').waitFor();
  await page.getByLabel('现在的密码').fill(initial);
  await page.getByLabel('新密码').fill(password);
  await page.getByLabel('再输一次').fill(password);
  await button(page, '修改密码').click();
  await page.getByText('先换成你自己的密码').waitFor({ state: 'detached' });
}

/** The first run: company, zone, administrator, goal. */
export async function wizard(page, base, { company, zone, name, login }) {
  await page.goto(base);
  await page.waitForURL('**/setup');
  await page.getByLabel('企业名称').fill(company);
  await page.getByRole('combobox', { name: '时区' }).fill(zone);
  await page.getByTitle(new RegExp(`^${zone}`)).last().click();
  await button(page, '下一步').click();
  await page.getByLabel('你的姓名').fill(name);
  await page.getByLabel('登录名').fill(login);
  await page.getByLabel('密码', { exact: true }).fill(PASSWORD);
  await page.getByLabel('再输一次密码').fill(PASSWORD);
  await button(page, '下一步').click();
  await page.getByRole('radio', { name: /保真实/ }).check();
  await button(page, '完成设置').click();
  await page.waitForURL((url) => !url.pathname.startsWith('/setup') && !url.pathname.startsWith('/login'));
}

/** A calendar of whole days from nine to five, Monday to Friday. */
export async function nineToFive(page, base, name) {
  await page.goto(`${base}/settings/calendars`);
  await button(page, '新建').click();
  await page.getByLabel('名称', { exact: true }).first().fill(name);
  await page.getByRole('button', { name: /^去掉 周一 13:00/ }).click();
  const end = page.getByLabel('周一 结束');
  await end.fill('17:00');
  await end.press('Enter');
  await button(page, '把周一的班次复制到周二至周五').click();
  await page.getByText('每周 40.0 小时').first().waitFor();
  await button(page, '保存').click();
  await toast(page, `已保存“${name}”`);
}

/** A location policy for a post. */
export async function policy(page, base, name, mode) {
  await page.goto(`${base}/settings/policies`);
  await button(page, '新建').click();
  await page.getByLabel('名称', { exact: true }).first().fill(name);
  await page.getByRole('radio', { name: mode }).check();
  await button(page, '保存').click();
  await toast(page, `已保存“${name}”`);
}

/** Radius of the fence of a class of customers. */
export async function fenceRadius(page, base, name, metres) {
  await page.goto(`${base}/settings/classes`);
  const names = page.getByLabel('名称', { exact: true });
  await names.first().waitFor();
  const at = (await names.evaluateAll((all) => all.map((one) => one.value))).indexOf(name);
  await page.getByLabel('围栏半径').nth(at).fill(String(metres));
  await button(page, '保存').click();
  await toast(page, `已保存“${name}”`);
}

export async function department(page, base, name, parent) {
  await page.goto(`${base}/people`);
  await page.getByRole('complementary', { name: '部门' }).getByRole('button', { name: '新建部门' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('部门名称').fill(name);
  await choose(dialog, '上级部门', parent);
  await button(dialog, '保存').click();
  await toast(page, `已保存部门“${name}”`);
}

/** A role made from another, with one permission taken away. */
export async function role(page, base, name, { from, without }) {
  await page.goto(`${base}/people?tab=roles`);
  await page.getByRole('button', { name: new RegExp(`^${from}`) }).click();
  await button(page, '照这个新建').click();
  await page.getByLabel('角色名称').fill(name);
  await page.getByLabel(without).uncheck({ force: true });
  await button(page, '保存').click();
  await toast(page, `已保存角色“${name}”`);
}

/** Types a person in; answers the initial password the system shows once. */
export async function employee(page, base, { name, post, department, role, login, calendar, policy, startAt }) {
  await page.goto(`${base}/people`);
  await button(page, '新员工').click();
  const form = page.locator('aside.drawer');
  await form.getByLabel('姓名').fill(name);
  await form.getByLabel('岗位').fill(post);
  await choose(form, '部门', department);
  await choose(form, '角色', role);
  await form.getByLabel('登录名').fill(login);
  if (calendar) await choose(form, '工作日历', calendar);
  if (policy) await choose(form, '定位策略', policy);
  if (startAt) await form.getByLabel('出发地点').fill(`${startAt[0].toFixed(7)}, ${startAt[1].toFixed(7)}`);
  await button(form, '新员工').click();
  const dialog = page.getByRole('dialog', { name: `${name} 的初始密码` });
  const initial = (await dialog.locator('.secret code').innerText()).trim();
  await dialog.getByRole('button', { name: '关闭' }).last().click();
  await form.getByRole('heading', { name }).waitFor();
  return initial;
}

/** Gives the people of these names a calendar or a policy, all at once. */
export async function assign(page, base, names, what, option) {
  await page.goto(`${base}/people`);
  for (const name of names) await page.getByRole('checkbox', { name: `选择 ${name}` }).check({ force: true });
  await button(page, what).click();
  const dialog = page.getByRole('dialog');
  await choose(dialog, what, option);
  await button(dialog, '应用').click();
  await toast(page, `已修改 ${names.length} 人`);
}

/** Opens the import and lets it read a file. `file` is a name and its bytes. */
export async function beginImport(page, base, path, file) {
  await page.goto(`${base}${path}`);
  await button(page, '导入').first().click();
  const mimeType = file.name.endsWith('.csv') ? 'text/csv' : 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
  await page.locator('input[type=file]').setInputFiles({ ...file, mimeType });
  await page.getByText('可导入', { exact: true }).waitFor();
}

/** The faulty lines the preview shows: row, column, content, reason. */
export async function faults(page) {
  const table = page.getByRole('region', { name: '错误的行' });
  return (await table.count()) === 0 ? [] : table.locator('tbody tr').evaluateAll((rows) => rows.map((row) => [...row.cells].map((cell) => cell.innerText.trim())));
}

/** Presses the import button of these words and answers created, updated, skipped. */
export async function finishImport(page, words) {
  await page.getByRole('button', { name: words }).and(page.locator(':enabled')).click();
  await page.getByText('导入完成').waitFor();
  const numbers = await page.locator('.import-done .num').allInnerTexts();
  await button(page, '查看列表').click();
  return numbers.map(Number);
}

/** A tracker for a person; answers its identifier, which is shown once. */
export async function tracker(page, base, person, device) {
  await page.goto(`${base}/settings/trackers`);
  await button(page, '新跟踪器').first().click();
  const form = page.getByRole('dialog', { name: '新跟踪器' });
  await choose(form, '员工', person);
  await form.getByLabel('设备名称').fill(device);
  await button(form, '新跟踪器').click();
  const once = page.getByRole('dialog', { name: `${person} 的跟踪器已建好` });
  const [url, secret] = [await once.locator('.copy-line code').nth(0).innerText(), await once.locator('.copy-line code').nth(1).innerText()];
  assert.equal(await once.locator('.qr svg, .qr img').first().isVisible(), true, 'a code to scan');
  await button(once, '已经设好，关闭').click();
  return { url, secret };
}

/** Every row of a table on the screen, as texts of its cells. */
export async function rows(page, label) {
  const table = page.getByRole('region', { name: label, exact: true }).first();
  await table.locator('tbody tr:not([aria-hidden])').first().waitFor();
  return table.locator('tbody tr:not([aria-hidden])').evaluateAll((all) => all.map((row) => [...row.cells].map((cell) => cell.innerText.replace(/\s+/g, ' ').trim())));
}

export { until };
