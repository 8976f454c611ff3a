import type { UnableReason, UrgentCandidate, UrgentFactors } from '@tashi/shared/api';
import type { Format, Translate } from '@tashi/shared/i18n';
import type { IconName } from '@tashi/shared/ui';
import type { dispatchText } from './text';

type T = Translate<keyof (typeof dispatchText)['zh'] & string>;

/** One reason in words. */
export interface Fact {
  key: string;
  icon: IconName;
  text: string;
  /** It speaks for the person, against him, or says nothing. */
  tone: 'for' | 'against' | 'plain';
}

/** Why this person: every factor of the ranking as a sentence, the weighty ones first. */
export function factsOf(factors: UrgentFactors, idle: boolean, t: T, format: Format): Fact[] {
  const facts: Fact[] = [];
  const add = (key: string, icon: IconName, tone: Fact['tone'], text: string) => facts.push({ key, icon, tone, text });
  if (factors.before > 0) add('eta', 'clock', 'plain', t('fact.etaAfter', { count: factors.before, time: format.time(factors.eta) }));
  else if (!idle && factors.free_at) add('eta', 'clock', 'plain', t('fact.etaBusy', { free: format.time(factors.free_at), duration: format.duration(factors.drive_s) }));
  else add('eta', 'clock', 'plain', t('fact.eta', { duration: format.duration(factors.drive_s), distance: format.distance(factors.line_m) }));
  add('extra', 'track', factors.extra_m > 10_000 ? 'against' : 'plain', t('fact.extra', { distance: format.distance(Math.max(0, factors.extra_m)) }));
  if (factors.closed) add('closed', 'warn', 'against', t('fact.closed'));
  if (factors.too_many) add('full', 'warn', 'against', t('fact.full', { count: factors.too_many.is, most: factors.too_many.most }));
  if (factors.too_far) add('far', 'warn', 'against', t('fact.far', { distance: format.distance(factors.too_far.is), most: format.distance(factors.too_far.most) }));
  if (factors.home_late) add('home', 'warn', 'against', t('fact.homeLate', { time: format.time(factors.home_late) }));
  if (factors.lateness_s >= 60) add('late', 'warn', 'against', t('fact.late', { duration: format.duration(factors.lateness_s) }));
  else if (factors.ahead > 0) add('late', 'okCircle', 'for', t('fact.notLate'));
  for (const moved of factors.moved) add(`moved/${moved.task_id}`, 'sync', 'against', t(moved.handed_over ? 'fact.handedOver' : 'fact.later', { name: moved.customer }));
  add('load', 'plan', factors.load_percent > 85 ? 'against' : 'plain', factors.ahead ? t('fact.load', { count: factors.ahead, percent: factors.load_percent }) : t('fact.noLoad'));
  if (factors.skills.length) add('skills', 'shield', 'for', t('fact.skills', { skills: factors.skills.join(t('joiner')) }));
  if (factors.tags?.length) add('tags', 'store', 'for', t('fact.tags', { tags: factors.tags.join(t('joiner')) }));
  if (factors.preferred) add('preferred', 'okCircle', 'for', t('fact.preferred'));
  if (factors.own_customer) add('own', 'store', 'for', factors.grade ? t('fact.ownGrade', { grade: factors.grade }) : t('fact.own'));
  return facts;
}

/** The two or three words beside a name: what tells this person from the others. */
export function briefOf({ factors, idle, asked }: UrgentCandidate, t: T, format: Format): string {
  return [
    asked ? t(asked === 'refused' ? 'asked.refused' : 'asked.expired') : null,
    factors.too_many ? t('brief.full') : null,
    factors.too_far ? t('brief.far') : null,
    factors.home_late ? t('brief.homeLate') : null,
    idle ? null : factors.free_at ? t('brief.free', { time: format.time(factors.free_at) }) : null,
    t('brief.extra', { distance: format.distance(Math.max(0, factors.extra_m)) }),
    factors.moved.length ? t('brief.moves', { count: factors.moved.length }) : null,
    factors.lateness_s >= 60 ? t('brief.late', { duration: format.duration(factors.lateness_s) }) : null,
    factors.ahead ? t('brief.ahead', { count: factors.ahead }) : t('brief.empty'),
  ].filter(Boolean).join('·');
}

export function unableWords(reason: UnableReason, lacks: readonly string[], at: string | null, t: T, format: Format): string {
  if (reason === 'skill' && lacks.length) return t('unable.skill', { skills: lacks.join(t('joiner')) });
  if (reason === 'too_late' && at) return t('unable.too_late', { time: format.time(at) });
  if (reason === 'shift_over' && at) return t('unable.shift_over', { time: format.time(at) });
  return t(`unable.${reason === 'skill' || reason === 'too_late' || reason === 'shift_over' ? 'no_way' : reason}`);
}
