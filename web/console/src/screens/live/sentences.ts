import type { LivePerson } from '@tashi/shared/api';
import type { Format, Translate } from '@tashi/shared/i18n';
import type { liveText } from './text';

type T = Translate<keyof (typeof liveText)['zh'] & string>;

function seconds(from: string | null, now: number): number {
  return from ? Math.max(0, (now - Date.parse(from)) / 1000) : 0;
}

/** An arrival can only be announced while it lies ahead; afterwards it is what should have been. */
export function isAhead(eta: string | null, now: number): boolean {
  return eta !== null && Date.parse(eta) > now;
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
      if (next.meters === null) return t('line.movingShort', { shop: next.customer.name });
      return isAhead(next.eta, now)
        ? t('line.moving', { shop: next.customer.name, distance: format.distance(next.meters), time: format.time(next.eta) })
        : t('line.movingAway', { shop: next.customer.name, distance: format.distance(next.meters) });
    case 'idle':
      return next ? t('line.idleNext', { duration, shop: next.customer.name }) : t('line.idle', { duration });
    case 'late': {
      const late = format.duration((person.late_minutes ?? 0) * 60);
      if (!next?.eta) return t('line.lateShort', { late });
      return t(isAhead(next.eta, now) ? 'line.late' : 'line.lateDue', { seq: next.seq, late, time: format.time(next.eta) });
    }
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
  if (state === 'moving' && next) {
    return isAhead(next.eta, now) ? t('now.moving', { seq: next.seq, time: format.time(next.eta) }) : t('now.movingTo', { seq: next.seq });
  }
  if (state === 'idle') return t('now.idle', { duration: format.duration(seconds(person.since, now)) });
  if (state === 'silent') return t('now.silent', { duration: format.duration(seconds(person.fix_at ?? person.since, now)) });
  if (state === 'not_started' || state === 'off_duty') return t(`now.${state}`);
  return listLine(person, t, format, now);
}
