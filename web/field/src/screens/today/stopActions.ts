/** What can be done with a stop: the sheets behind a card and the hand-off to a map app. */
import type { PlanChangeLeave, Point, Task } from '@tashi/shared/api';
import { translate } from '@tashi/shared/i18n';
import { mapApps, navigationUrl, platformOf, rememberMapApp, rememberedMapApp } from '../../geo/navigate.ts';
import { go } from '../../shell/router.tsx';
import { saving } from '../../shell/saving.ts';
import { db } from '../../sync/store.ts';
import { type Stop, isClosed } from '../../work/day.ts';
import { setOut } from '../../work/record.ts';
import { todayText } from './text.ts';

/** Opens a map app, the one used last unless `ask`; for a task the way is recorded as begun. */
export async function navigateTo(to: Point, name: string, task: Task | null, owner: string, underway: boolean, ask = false): Promise<void> {
  const t = translate(todayText);
  const platform = platformOf(navigator.userAgent);
  const last = rememberedMapApp(platform);
  let app = ask ? null : last;
  if (!app) {
    const { choose } = await import('../../shell/mobile.tsx');
    const key = await choose({
      title: t('chooseMap'), cancelText: t('cancel'),
      actions: mapApps(platform).map((one) => ({ key: one, text: t(`map.${one}`), description: one === last ? t('lastMap') : undefined })),
    });
    app = mapApps(platform).find((one) => one === key) ?? null;
  }
  if (!app) return;
  rememberMapApp(app);
  if (task && !underway) await saving(setOut(owner, task));
  const stored = await db.snapshots.get(owner);
  const url = navigationUrl(app, platform, to, name, stored?.travel ?? 'car');
  // Schemes of apps replace nothing in this window; web maps open beside it.
  if (url.startsWith('https:')) window.open(url, '_blank', 'noopener');
  else location.href = url;
}

/** Sheet of a card. */
export async function openStop(stop: Stop, owner: string, leave: PlanChangeLeave, onSkip: (task: Task) => void): Promise<void> {
  const t = translate(todayText);
  const { task, status, visit } = stop;
  if (visit) return go(`/visit/${visit.id}`);
  const { choose } = await import('../../shell/mobile.tsx');
  const open = !isClosed(status);
  const key = await choose({
    title: task.customer.name, cancelText: t('cancel'),
    actions: [
      ...(open && task.customer.at ? [{ key: 'go', text: t('openGo') }, { key: 'map', text: t('openOtherMap') }] : []),
      ...(open ? [{ key: 'in', text: t('openCheckIn') }] : []),
      { key: 'customer', text: t('openCustomer') },
      ...(open ? [{ key: 'skip', text: t('openSkip'), disabled: leave === 'no', description: leave === 'free' ? undefined : t(leave === 'no' ? 'skipNo' : 'skipAsk') }] : []),
    ],
  });
  if ((key === 'go' || key === 'map') && task.customer.at) {
    await navigateTo(task.customer.at, task.customer.name, task, owner, status === 'on_the_way', key === 'map');
  }
  if (key === 'in') go(`/check-in/${task.id}`);
  if (key === 'customer') go(`/customers/${task.customer.id}`);
  if (key === 'skip') onSkip(task);
}
