import { serverNow, translate, useFormat, useNow, useT } from '@tashi/shared/i18n';
import { Icon, toast } from '@tashi/shared/ui';
import { useField, usePrivateTrips } from '../../app/context.tsx';
import { useConsent } from '../../app/consent.ts';
import { LOW_BATTERY, useLowBattery } from '../../location/battery.ts';
import { mayRecord } from '../../location/tracker.ts';
import { Link } from '../../shell/router.tsx';
import { saving } from '../../shell/saving.ts';
import { minuteOf } from '../../work/day.ts';
import { type PrivateTrip, tripAt } from '../../work/private.ts';
import { endPrivate, startPrivate } from '../../work/record.ts';
import { todayText } from './text.ts';

/** When tracking stops and who looked today: said on the first screen, not in settings. */
export function PrivacyLine() {
  const t = useT(todayText);
  const f = useFormat();
  useNow(30_000);
  const { owner, snapshot } = useField();
  const consented = useConsent();
  const trips = usePrivateTrips();
  const low = useLowBattery();
  if (!snapshot || consented === undefined) return null;
  const count = snapshot.viewers_today;
  const state = mayRecord({ owner, snapshot, consented, private: trips }, serverNow());
  if (state === 'no_consent') return <NoConsent />;
  const minute = minuteOf(serverNow(), snapshot.me.company.time_zone);
  const now = snapshot.calendar_today.find((w) => minute >= w.from_minute && minute < w.to_minute);
  const later = snapshot.calendar_today.find((w) => w.from_minute > minute);
  const end = Math.max(0, ...snapshot.calendar_today.map((w) => w.to_minute));
  const trip = trips && tripAt(trips, serverNow());
  if (now && trip && state === 'private') return <OnPrivateTrip owner={owner} trip={trip} />;
  const words =
    state === 'policy_off' ? t('trackingOff', { count })
    : now ? t('trackingUntil', { time: f.minuteOfDay(end), count })
    : later && state === 'off_duty' ? t('trackingFrom', { time: f.minuteOfDay(later.from_minute), count })
    : snapshot.calendar_today.length > 0 ? t('trackingOver', { count })
    : t('trackingNone', { count });
  return (
    <div className="line">
      <Icon name="eye" size={15} />
      <span>{words}{state === 'yes' && low ? <span role="status" className="fg-late" style={{ display: 'block' }}>{t('batteryLow', { percent: f.percent(LOW_BATTERY) })}</span> : null}</span>
      {state === 'yes' && trips ? <button type="button" className="line-do" onClick={() => void askPrivate(owner)}>{t('private')}</button> : null}
    </div>
  );
}

/** Says what a private trip means, and begins one. */
async function askPrivate(owner: string): Promise<void> {
  const t = translate(todayText);
  const { confirm } = await import('../../shell/mobile.tsx');
  if (!(await confirm({ title: t('privateTitle'), content: t('privateText'), confirmText: t('privateStart'), cancelText: t('cancel') }))) return;
  if (await saving(startPrivate(owner))) toast(t('privateStarted'));
}

/** Nothing is recorded; one press ends it. */
function OnPrivateTrip({ owner, trip }: { owner: string; trip: PrivateTrip }) {
  const t = useT(todayText);
  const f = useFormat();
  return (
    <div className="line" role="status">
      <Icon name="eyeOff" size={15} />
      {t('privateOn', { time: f.time(trip.from) })}
      <button type="button" className="line-do" onClick={() => void saving(endPrivate(owner, trip.id)).then((done) => done && toast(t('privateEnded')))}>{t('privateEnd')}</button>
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
