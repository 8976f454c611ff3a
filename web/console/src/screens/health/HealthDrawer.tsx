import { Link } from '@tanstack/react-router';
import type { TrackingHealth } from '@tashi/shared/api';
import { commonText, useFormat, useT } from '@tashi/shared/i18n';
import { AdviceList, PhoneHelp, phonesText } from '@tashi/shared/phones';
import { Ago, Avatar, Icon } from '@tashi/shared/ui';
import { useCan } from '../../app/session';
import { EntityDrawer } from '../../kit/EntityDrawer';
import { MISSING, REFUSED, Share } from './HealthScreen';
import { healthText } from './text';

/** One person's record of the day: what is missing, why, and what mends it on which phone. */
export function HealthDrawer({ health, onClose }: { health: TrackingHealth; onClose(): void }) {
  const t = useT(healthText);
  const phones = useT(phonesText);
  const common = useT(commonText);
  const format = useFormat();
  const canTrack = useCan('track.read');
  const canSetUp = useCan('org.write');
  const { employee } = health;
  return (
    <EntityDrawer
      label={employee.name}
      title={<span className="row"><Avatar name={employee.name} size="sm" />{employee.name}</span>}
      subtitle={t('subtitle', { department: health.department.name, day: format.dayWeek(health.day) })}
      link={`/health?person=${employee.id}&day=${health.day}`}
      onClose={onClose}
      foot={
        <>
          {canTrack ? <Link to="/tracks" search={{ person: employee.id, day: health.day }} className="btn pri"><Icon name="track" />{t('toTracks')}</Link> : null}
          {canSetUp ? <Link to="/settings/$section" params={{ section: 'trackers' }} search={{ person: employee.id }} className="btn"><Icon name="scan" />{t('toTrackers')}</Link> : null}
        </>
      }
    >
      <section className="health-part">
        <h3>{phones('adviceTitle')}</h3>
        <AdviceList health={health} />
      </section>
      <section className="health-part">
        <dl className="dl">
          <dt>{t('heard')}</dt>
          <dd>{health.heard_at ? <><Ago at={health.heard_at} /> · {format.timeSeconds(health.heard_at)}</> : t('never')}</dd>
          <dt>{t('battery')}</dt>
          <dd>{health.battery === null ? '—' : format.percent(health.battery / 100)}</dd>
          <dt>{t('recorded')}</dt>
          <dd>{health.duty_s ? <Share part={health.recorded_s} whole={health.duty_s} /> : t('noneYet')}</dd>
          <dt>{t('missing')}</dt>
          <dd>{format.dots(MISSING.filter((one) => health.missing[one] >= 60).map((one) => t('part', { word: t(`missing.${one}`), minutes: format.minutes(health.missing[one]) }))) || t('none')}</dd>
          <dt>{t('refused')}</dt>
          <dd>{format.dots(REFUSED.filter((one) => health.refused[one] > 0).map((one) => t(`refused.${one}`, { count: format.number(health.refused[one]) }))) || t('refusedNone')}</dd>
          <dt>{t('trackers')}</dt>
          <dd>{health.trackers ? t('trackerCount', { count: health.trackers }) : t('noTracker')}</dd>
          <dt>{t('duty')}</dt>
          <dd>{format.names(health.duty.map((one) => `${format.time(one.from)}–${format.time(one.to)}`)) || '—'}</dd>
          <dt>{t('policy')}</dt>
          <dd>{common(`policy.${health.policy_mode}`)}</dd>
          <dt>{t('consent')}</dt>
          <dd>{health.consent_at ? t('consentAt', { time: format.dateTime(health.consent_at) }) : <span className="fg-late">{t('consentNot')}</span>}</dd>
        </dl>
      </section>
      <section className="health-part">
        <h3>{phones('title')}</h3>
        <PhoneHelp />
      </section>
      <p className="health-part note"><Icon name="eye" size={14} /><span>{t('both')}</span></p>
    </EntityDrawer>
  );
}
