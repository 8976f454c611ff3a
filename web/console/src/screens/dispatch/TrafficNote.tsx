import type { TravelSource } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { Icon } from '@tashi/shared/ui';
import { planningText } from '../planning/text';
import { dispatchText } from './text';

/** Whether the traffic of the moment is in the ranking, and if not, why; and how this hour compares with others. */
export function TrafficNote({ source }: { source: TravelSource }) {
  const t = useT(dispatchText);
  const plan = useT(planningText);
  const format = useFormat();
  const named = (provider: string) => (provider === 'amap' || provider === 'baidu' ? t(`provider.${provider}`) : provider);
  const hour = source.learned_permille !== undefined && source.learned_permille !== 1000 ? t('trafficHour', { percent: format.number(Math.round(source.learned_permille / 10)) }) : null;
  const traffic = source.traffic
    ? t('trafficLive', { provider: named(source.provider) })
    : t('trafficNone', { reason: source.instead_of ? t('traffic.failed', { provider: named(source.instead_of), why: plan(`why.${source.reason ?? 'unreachable'}`) }) : t('traffic.never') });
  return (
    <p className={source.instead_of ? 'row g6 s12 fg-late' : 'row g6 s12 m3'}>
      <Icon name={source.traffic ? 'okCircle' : 'info'} size={14} weight={2} />
      <span className="sp">{format.dots([traffic, hour])}</span>
    </p>
  );
}
