import type { Route, TravelSource } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { Badge, Figure, Icon } from '@tashi/shared/ui';
import { planningText } from './text';

/** Kilometres and minutes of a route, and whether anybody can prove that none is shorter. */
export function RouteSummary({ route, manual, manualMeters, busy, onRestore }: {
  route: Route;
  manual: boolean;
  manualMeters: number | null;
  busy: boolean;
  onRestore?(): void;
}) {
  const t = useT(planningText);
  const format = useFormat();
  const more = manualMeters === null ? 0 : manualMeters - route.meters;
  return (
    <div className={busy ? 'route-sum busy' : 'route-sum'} aria-busy={busy}>
      <div className="row">
        <Figure value={format.km(route.meters)} unit="km" size={24} />
        <span className="s12 m3">{t('drive', { duration: format.duration(route.seconds) })}·{t('stops', { count: route.order.length })}</span>
        <span className="end" title={route.proven_optimal ? t('provenHint') : t('notProvenHint')}>
          {manual ? <Badge tone="late" icon="edit">{t('manual')}</Badge> : route.proven_optimal ? (
            <Badge tone="accent" icon="shield">{t('proven')}</Badge>
          ) : (
            <Badge tone="idle" icon="info">{t('notProven')}</Badge>
          )}
        </span>
      </div>
      {manual ? (
        <p className="row g6 s12 fg-late">
          <Icon name="info" size={14} weight={2} />
          <span className="sp">
            {manualMeters === null ? t('manual') : more > 50
              ? t('manualKm', { km: format.km(manualMeters), more: format.km(more) })
              : t('manualKmSame', { km: format.km(manualMeters) })}
          </span>
          {onRestore ? <button type="button" className="btn link s12" onClick={onRestore}>{t('restore')}</button> : null}
        </p>
      ) : (
        <SourceNote source={route.source} />
      )}
    </div>
  );
}

/** Whose times these are; said aloud when they are not those the company chose. */
function SourceNote({ source }: { source: TravelSource }) {
  const t = useT(planningText);
  if (source.instead_of) {
    return (
      <p className="row g6 s12 fg-late">
        <Icon name="info" size={14} weight={2} />
        <span className="sp">{t('insteadOf', { provider: t(`from.${source.instead_of}`), reason: t(`why.${source.reason ?? 'unreachable'}`) })}</span>
      </p>
    );
  }
  if (source.provider === 'straight_line') return <p className="s12 m3">{t('straight')}</p>;
  return <p className="s12 m3">{t(source.traffic ? 'byTraffic' : 'byRoads', { provider: t(`from.${source.provider}`) })}</p>;
}
