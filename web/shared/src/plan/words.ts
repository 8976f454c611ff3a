import type { PlanChange, PlanChangeBroken } from '../api/schema';
import type { Format, Translate } from '../i18n';
import { planChangeText } from './text';

type Key = keyof (typeof planChangeText)['zh'] & string;
type T = Translate<Key>;
type F = Format;

/** Why somebody changed something: the known reason, and words of his own. */
export function whyText(t: T, code: string | null, words: string | null): string {
  const key = `why.${code}`;
  const known = code && key in planChangeText.zh ? t(key as 'why.other') : null;
  if (!known) return words ?? t('noWhy');
  if (!words) return known;
  return code === 'other' ? words : t('whyWords', { why: known, words });
}

/** What a change is, with its hour. */
export function changeText(t: T, f: F, change: PlanChange): string {
  const time = f.time(change.said_at);
  const waits = change.status !== 'applied';
  if (change.kind === 'skip') return t(waits ? 'skipWaits' : 'skipped', { time, customer: change.customer ?? '—' });
  return t(waits ? 'reorderWaits' : 'reordered', { time });
}

/** A rule an order breaks, by how much. */
export function brokenText(t: T, f: F, { rule, seconds }: PlanChangeBroken): string {
  const duration = f.duration(Math.abs(seconds));
  if (rule === 'promise' && seconds < 0) return t('broken.promiseEarly', { duration });
  return t(`broken.${rule}`, { duration });
}

/** Why an approved change was not applied. */
export function unfitText(t: T, code: string | null | undefined): string {
  const key = `unfit.${code}`;
  return t('unfit', { why: t(key in planChangeText.zh ? (key as 'unfit.other') : 'unfit.other') });
}

/** Second after local midnight as an hour. */
export function secondText(f: F, second: number | null): string {
  return second === null ? '–' : f.minuteOfDay(Math.floor(second / 60));
}
