import type { BoardLeftOut, BoardSum, BoardTask, Id } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { Icon } from '@tashi/shared/ui';
import { boardText } from './text';

/** What optimising comes to: way, driving and visits before and after, and how good it is. */
export function BeforeAfter({ sums: { before, after }, proven, gap }: { sums: { before: BoardSum; after: BoardSum }; proven: boolean; gap: number | null }) {
  const t = useT(boardText);
  const format = useFormat();
  const signed = (value: number, words: string) => `${value > 0 ? '+' : value < 0 ? '−' : '±'}${words}`;
  const more = after.visits - before.visits;
  const meters = after.meters - before.meters;
  const minutes = Math.round((after.seconds - before.seconds) / 60);
  return (
    <div className="bsums">
      <div><span className="m3 s12">{t('before')}</span><span className="bsums-was tabular"><s>{format.km(before.meters)}</s> km</span><span className="m3 s12">{t('driving', { duration: format.duration(before.seconds) })}</span></div>
      <Icon name="right" size={20} className="m3" />
      <div><span className="m3 s12">{t('after')}</span><span className="bsums-now tabular">{format.km(after.meters)} <small>km</small></span><span className="m3 s12">{t('driving', { duration: format.duration(after.seconds) })}</span></div>
      <div className="bsums-end">
        {proven ? <span className="st accent"><Icon name="shield" size={14} weight={2} />{t('proven')}</span> : gap !== null ? <span className="m2 s12" title={t('gapNote')}>{t('gap', { percent: format.number(Math.ceil(gap / 10)) })}</span> : null}
        {/* More visits take more way: that is no loss. */}
        {more > 0 ? <span className="tag bgood">{t('moreVisits', { count: more })}</span> : null}
        <span className={meters <= 0 ? 'tag bgood' : 'tag'}>{t('savedBy', { km: signed(meters, format.km(Math.abs(meters))), minutes: signed(minutes, format.number(Math.abs(minutes))) })}</span>
      </div>
    </div>
  );
}

/** What found no place, and what is promised and stands against a rule, each with its reason. */
export function Exceptions({ left, kept, tasks, names }: { left: readonly BoardLeftOut[]; kept: readonly BoardLeftOut[]; tasks: ReadonlyMap<Id, BoardTask>; names: ReadonlyMap<Id, string> }) {
  const t = useT(boardText);
  const format = useFormat();
  if (!left.length && !kept.length) return null;
  const line = (one: BoardLeftOut, words: 'leftOne' | 'keptOne') => (
    <li key={one.task_id}>
      {t(words, {
        customer: tasks.get(one.task_id)?.customer.name ?? '–',
        reason: format.dots([t(`left.${one.reason}`), one.employee_id && one.reason !== 'nobody' && t('left.near', { name: names.get(one.employee_id) ?? '' })]),
      })}
    </li>
  );
  return (
    <details className="bexcept">
      <summary className={kept.length ? 'fg-late' : undefined}>{format.dots([left.length ? t('leftCount', { count: left.length }) : null, kept.length ? t('keptCount', { count: kept.length }) : null])}</summary>
      <ul>
        {kept.map((one) => line(one, 'keptOne'))}
        {left.map((one) => line(one, 'leftOne'))}
      </ul>
    </details>
  );
}
