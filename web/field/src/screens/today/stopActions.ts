/** What can be done with a stop: the sheets behind a card and the hand-off to a map app. */
import type { Point, Task } from '@tashi/shared/api';
import { translate } from '@tashi/shared/i18n';
import { mapApps, navigationUrl, platformOf } from '../../geo/navigate.ts';
import { go } from '../../shell/router.tsx';
import { saving } from '../../shell/saving.ts';
import { type Stop, isClosed } from '../../work/day.ts';
import { setOut } from '../../work/record.ts';
import { todayText } from './text.ts';

/** Asks for the map app and opens it; for a task the way is recorded as begun. */
export async function navigateTo(to: Point, name: string, task: Task | null, owner: string, underway: boolean): Promise<void> {
  const t = translate(todayText);
  const { choose } = await import('../../shell/mobile.tsx');
  const platform = platformOf(navigator.userAgent);
  const app = await choose({
    title: t('chooseMap'), cancelText: t('cancel'), actions: mapApps(platform).map((key) => ({ key, text: t(`map.${key}`) })),
  });
  if (!app) return;
  if (task && !underway) await saving(setOut(owner, task));
  const url = navigationUrl(app as ReturnType<typeof mapApps>[number], platform, to, name);
  // Schemes of apps replace nothing in this window; web maps open beside it.
  if (url.startsWith('https:')) window.open(url, '_blank', 'noopener');
  else location.href = url;
}

/** Sheet of a card. */
export async function openStop(stop: Stop, owner: string, onSkip: (task: Task) => void): Promise<void> {
  const t = translate(todayText);
  const { task, status, visit } = stop;
  if (visit) return go(`/visit/${visit.id}`);
  const { choose } = await import('../../shell/mobile.tsx');
  const open = !isClosed(status);
  const key = await choose({
    title: task.customer.name, cancelText: t('cancel'),
    actions: [
      ...(open && task.customer.at ? [{ key: 'go', text: t('openGo') }] : []),
      ...(open ? [{ key: 'in', text: t('openCheckIn') }] : []),
      { key: 'customer', text: t('openCustomer') },
      ...(open ? [{ key: 'skip', text: t('openSkip') }] : []),
    ],
  });
  if (key === 'go' && task.customer.at) await navigateTo(task.customer.at, task.customer.name, task, owner, status === 'on_the_way');
  if (key === 'in') go(`/check-in/${task.id}`);
  if (key === 'customer') go(`/customers/${task.customer.id}`);
  if (key === 'skip') onSkip(task);
}
