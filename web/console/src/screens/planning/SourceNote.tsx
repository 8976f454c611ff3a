import type { TravelSource } from '@tashi/shared/api';
import { useT } from '@tashi/shared/i18n';
import { Icon } from '@tashi/shared/ui';
import { planningText } from './text';

/** Whose times these are; said aloud when they are not those the company chose. */
export function SourceNote({ source }: { source: TravelSource }) {
  const t = useT(planningText);
  if (source.instead_of) {
    return (
      <p className="row g6 s12 fg-late">
        <Icon name="info" size={14} weight={2} />
        <span className="sp">{t('insteadOf', { provider: t(`from.${source.instead_of}`), reason: t(`why.${source.reason ?? 'unreachable'}`) })}</span>
      </p>
    );
  }
  const by = source.provider === 'straight_line' ? t('straight') : t(source.traffic ? 'byTraffic' : 'byRoads', { provider: t(`from.${source.provider}`) });
  const learned = source.learned_permille !== undefined && source.learned_permille !== 1000;
  return <p className="s12 m3">{by}{learned ? `·${t('learned', { factor: (source.learned_permille! / 1000).toFixed(2) })}` : ''}</p>;
}
