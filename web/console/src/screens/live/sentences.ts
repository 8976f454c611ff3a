import type { LivePerson } from '@tashi/shared/api';
import type { Format, Translate } from '@tashi/shared/i18n';
import type { liveText } from './text';

type T = Translate<keyof (typeof liveText)['zh'] & string>;

function seconds(from: string | null, now: number): number {
  return from ? Math.max(0, (now - Date.parse(from)) / 1000) : 0;
}

/** What a person does, in one line of the list. */
export function listLine(person: LivePerson, t: T, format: Format, now: number): string {
  const { visit, next, state } = person;
  const duration = format.duration(seconds(person.since, now));
  switch (state) {
    case 'visit':
      return visit ? t('line.visit', { shop: visit.customer.name, duration: format.duration(seconds(visit.since, now)) }) : duration;
    case 'moving':
      if (!next) return t('line.movingNowhere');
      return next.meters !== null && next.eta
        ? t('line.moving', { shop: next.customer.name, distance: format.distance(next.meters), time: format.time(next.eta) })
        : t('line.movingShort', { shop: next.customer.name });
    case 'idle':
      return next ? t('line.idleNext', { duration, shop: next.customer.name }) : t('line.idle', { duration });
    case 'late':
      return next?.eta
        ? t('line.late', { seq: next.seq, minutes: person.late_minutes ?? 0, time: format.time(next.eta) })
        : t('line.lateShort', { minutes: person.late_minutes ?? 0 });
    case 'silent':
      return person.fix_at ? t('line.silent', { time: format.time(person.fix_at) }) : t('line.silentNever');
    case 'not_started':
      return next ? t('line.notStarted', { shop: next.customer.name }) : t('line.notStartedShort');
    case 'off_duty':
      return t('line.offDuty');
  }
}

/** The sentence at the head of the drawer. */
export function nowSentence(person: LivePerson, t: T, format: Format, now: number): string {
  const { visit, next, state } = person;
  if (state === 'visit' && visit) {
    const values = { time: format.time(visit.since), duration: format.duration(seconds(visit.since, now)) };
    return visit.seq > 0 ? t('now.visit', { ...values, seq: visit.seq }) : t('now.visitUnplanned', values);
  }
  if (state === 'moving' && next?.eta) return t('now.moving', { seq: next.seq, time: format.time(next.eta) });
  if (state === 'late' && next) return t('now.late', { seq: next.seq, minutes: person.late_minutes ?? 0 });
  if (state === 'idle') return t('now.idle', { duration: format.duration(seconds(person.since, now)) });
  if (state === 'silent') return t('now.silent', { duration: format.duration(seconds(person.fix_at ?? person.since, now)) });
  if (state === 'not_started' || state === 'off_duty') return t(`now.${state}`);
  return listLine(person, t, format, now);
}
