import type { Route } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { Badge, Figure, Icon } from '@tashi/shared/ui';
import { SourceNote } from './SourceNote';
import { planningText } from './text';

/** Kilometres and minutes of a route, and whether anybody can prove that none is shorter. */
export function RouteSummary({ route, manual, best, busy, onRestore }: {
  route: Route;
  /** The order was made by hand. */
  manual: boolean;
  /** What the engine would choose instead. */
  best: Route | null;
  busy: boolean;
  onRestore?(): void;
}) {
  const t = useT(planningText);
  const format = useFormat();
  // Only orders of the same stops can be compared.
  const other = best && best.order.length === route.order.length ? best : null;
  const meters = other ? route.meters - other.meters : 0;
  const minutes = other ? Math.round((route.seconds - other.seconds) / 60) : 0;
  const more = route.objective === 'time' && minutes > 0 ? format.duration(minutes * 60) : meters > 50 ? `${format.km(meters)} km` : null;
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
            {more ? t('manualMore', { more }) : other ? t('manualKept') : t('manual')}
          </span>
          {onRestore ? <button type="button" className="btn link s12" onClick={onRestore}>{t('restore')}</button> : null}
        </p>
      ) : null}
      <SourceNote source={route.source} />
    </div>
  );
}
