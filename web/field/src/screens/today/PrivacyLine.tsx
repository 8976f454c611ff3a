import { serverNow, useFormat, useNow, useT } from '@tashi/shared/i18n';
import { Icon } from '@tashi/shared/ui';
import { useField } from '../../app/context.tsx';
import { useConsent } from '../../app/consent.ts';
import { mayRecord } from '../../location/tracker.ts';
import { Link } from '../../shell/router.tsx';
import { minuteOf } from '../../work/day.ts';
import { todayText } from './text.ts';

/** When tracking stops and who looked today: said on the first screen, not in settings. */
export function PrivacyLine() {
  const t = useT(todayText);
  const f = useFormat();
  useNow(30_000);
  const { owner, snapshot } = useField();
  const consented = useConsent();
  if (!snapshot || consented === undefined) return null;
  const count = snapshot.viewers_today;
  const state = mayRecord({ owner, snapshot, consented }, serverNow());
  if (state === 'no_consent') return <NoConsent />;
  const minute = minuteOf(serverNow(), snapshot.me.company.time_zone);
  const now = snapshot.calendar_today.find((w) => minute >= w.from_minute && minute < w.to_minute);
  const later = snapshot.calendar_today.find((w) => w.from_minute > minute);
  const end = Math.max(0, ...snapshot.calendar_today.map((w) => w.to_minute));
  const words =
    state === 'policy_off' ? t('trackingOff', { count })
    : now ? t('trackingUntil', { time: f.minuteOfDay(end), count })
    : later && state === 'off_duty' ? t('trackingFrom', { time: f.minuteOfDay(later.from_minute), count })
    : snapshot.calendar_today.length > 0 ? t('trackingOver', { count })
    : t('trackingNone', { count });
  return (
    <div className="line">
      <Icon name="eye" size={15} />
      {words}
    </div>
  );
}

function NoConsent() {
  const t = useT(todayText);
  return (
    <div className="line">
      <Icon name="eyeOff" size={15} />
      {t('trackingNoConsent')}
      <Link to="/me/policy" style={{ fontWeight: 500 }}>{t('readPolicy')}</Link>
    </div>
  );
}
