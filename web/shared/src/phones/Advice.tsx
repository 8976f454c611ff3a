import type { TrackingAdvice, TrackingHealth } from '../api';
import { useFormat, useT } from '../i18n';
import { Icon, type IconName } from '../ui';
import { phonesText } from './text';

/** How urgent an advice looks, and its icon. */
export const ADVICE_LOOK: Record<TrackingAdvice, { icon: IconName; tone: 'problem' | 'late' | 'silent' }> = {
  clock_wrong: { icon: 'clock', tone: 'problem' },
  no_permission: { icon: 'lock', tone: 'problem' },
  never_heard: { icon: 'noSignal', tone: 'problem' },
  silent: { icon: 'noSignal', tone: 'late' },
  app_stopped: { icon: 'bolt', tone: 'late' },
  no_consent: { icon: 'signature', tone: 'late' },
  battery_low: { icon: 'batteryLow', tone: 'late' },
  mock: { icon: 'info', tone: 'silent' },
};

/** What is wrong and what mends it, in sentences; says so when nothing is. */
export function AdviceList({ health }: { health: TrackingHealth }) {
  const t = useT(phonesText);
  const format = useFormat();
  if (!health.advice.length) return <p className="advice-fine"><Icon name="okCircle" size={16} weight={2} className="fg-visit" />{t('fine')}</p>;
  return (
    <ul className="advice-list">
      {health.advice.map((one) => (
        <li key={one}>
          <Icon name={ADVICE_LOOK[one].icon} size={17} weight={2} className={`fg-${ADVICE_LOOK[one].tone}`} />
          <div>
            <b>{t(`advice.${one}`)}</b>
            <p>
              {one === 'clock_wrong' ? t('advice.clock_wrong.do', { count: health.refused.bad_time })
                : one === 'app_stopped' ? t('advice.app_stopped.do', { minutes: format.minutes(health.missing.phone_off_s + health.missing.unknown_s) })
                  : one === 'battery_low' ? t('advice.battery_low.do', { percent: health.battery ?? 0 })
                    : t(`advice.${one}.do`)}
            </p>
            {one === 'clock_wrong' ? <p className="m3">{t('clock.android')} {t('clock.apple')}</p> : null}
          </div>
        </li>
      ))}
    </ul>
  );
}
