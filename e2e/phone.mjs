// The hand of a person at the phone app.
import { PASSWORD } from './lib.mjs';

export const press = (screen, name) => screen.getByRole('button', { name }).last().click();
export const today = (screen) => screen.getByRole('list', { name: '今日各站' });

/** Signs in on the phone, whose words are `w`'s; with `initial`, the password somebody else gave is replaced first. */
export async function signIn(screen, base, login, { password = PASSWORD, initial = null, w = (said) => said } = {}) {
  await screen.goto(`${base}/m/`);
  await screen.getByLabel(w('账号', 'field.entry')).fill(login);
  await screen.getByLabel(w('密码', 'field.entry'), { exact: true }).fill(initial ?? password);
  await press(screen, w('登录', 'field.entry'));
  if (initial === null) return;
  await screen.getByText('先改一个自己的密码').waitFor();
  await screen.getByLabel('现在的密码').fill(initial);
  await screen.getByLabel('新密码').fill(password);
  await press(screen, '改好了');
  await screen.getByText('先改一个自己的密码').waitFor({ state: 'detached' });
}

/** Presses the button that checks in, and declares no overtime where working time is over. */
export async function arrive(screen) {
  await press(screen, /^签到/);
  const only = screen.getByRole('button', { name: '不申报，只签到' });
  await Promise.any([screen.waitForURL(/\/m\/visit\//), only.waitFor()]);
  if (await only.isVisible()) await only.click();
}

/** Checks in at the task from its page. */
export async function checkIn(screen, base, task) {
  await screen.goto(`${base}/m/`);
  await today(screen).waitFor();
  await screen.goto(`${base}/m/check-in/${task}`);
  await screen.getByText('在范围内，可以签到').waitFor();
  await arrive(screen);
  await screen.getByText(/第 \d 步，共 \d 步/).or(screen.getByRole('button', { name: '拍照' })).first().waitFor();
}

/** Takes photos with the live camera and keeps them. */
export async function shoot(screen, count) {
  for (let i = 0; i < count; i++) {
    const camera = screen.getByRole('button', { name: '拍照', exact: true });
    const prime = screen.getByRole('button', { name: '打开相机' });
    if (!screen.url().includes('/camera/')) await press(screen, /^拍|再拍/);
    await prime.or(camera).first().waitFor();
    if (await prime.isVisible()) await prime.click();
    // The shutter counts once the picture is there to be judged.
    await screen.getByText(/清晰|有点糊/).waitFor();
    await camera.click();
    await press(screen, '用这张');
    await screen.waitForURL(/\/visit\/[^/]+$/);
  }
}

/** The rest of the visit: both steps, the summary, out. The choice and the button after it are pressed without a pause. */
export async function finish(screen, words) {
  await press(screen, '完成门头照');
  const wanted = screen.getByRole('radio', { name: '有意向', exact: true });
  await wanted.waitFor();
  await screen.evaluate(() => {
    const named = (role, words) => [...document.querySelectorAll(role)].find((one) => one.textContent.trim() === words);
    named('[role=radio]', '有意向').click();
    named('button', '完成初步采购意向').click();
  });
  await press(screen, '写小结并签退');
  await screen.getByRole('textbox').fill(words);
  await press(screen, '签退');
}
