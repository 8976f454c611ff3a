import { useFormat, useT } from '@tashi/shared/i18n';
import { SkeletonRows, toast } from '@tashi/shared/ui';
import { Select, Switch } from 'antd';
import { ProblemView } from '../../kit/ProblemView';
import { frequencyText } from './text';
import { useRolling, useSetRolling } from './useFrequency';

const WEEKS = [0, 1, 2, 3, 4, 6, 8];

/** Is it planned by itself, how far, what came of it last, and what comes next? */
export function RollingPanel({ canEdit }: { canEdit: boolean }) {
  const t = useT(frequencyText);
  const format = useFormat();
  const rolling = useRolling();
  const save = useSetRolling();
  const kept = rolling.data;
  const change = (next: { weeks?: number; again?: boolean }) =>
    kept && save.mutate({ weeks: kept.weeks, again: kept.again, version: kept.version, ...next }, { onSuccess: (now) => toast(t(now.weeks ? 'rollingSaved' : 'rollingSavedOff', { weeks: now.weeks, count: now.weeks })) });
  return (
    <section aria-label={t('rolling')}>
      <div className="hd"><h2>{t('rolling')}</h2></div>
      {rolling.error ? <ProblemView error={rolling.error} onRetry={() => void rolling.refetch()} compact /> : null}
      {rolling.isPending ? <SkeletonRows rows={2} height={32} /> : null}
      {kept ? (
        <div className="freq-rolling">
          <div className="row g6">
            <span className="sp">{t('rollingWeeks')}</span>
            {canEdit ? (
              <Select
                aria-label={t('rollingWeeks')}
                value={kept.weeks}
                disabled={save.isPending}
                options={[...new Set([...WEEKS, kept.weeks])].sort((a, b) => a - b).map((weeks) => ({ value: weeks, label: weeks ? t('rollingSpan', { weeks, count: weeks }) : t('rollingOff') }))}
                onChange={(weeks) => change({ weeks })}
              />
            ) : <b>{kept.weeks ? t('rollingSpan', { weeks: kept.weeks, count: kept.weeks }) : t('rollingOff')}</b>}
          </div>
          {kept.weeks ? (
            <label className="row g6">
              <span className="sp">{t('rollingAgain')}</span>
              <Switch size="small" checked={kept.again} disabled={!canEdit || save.isPending} onChange={(again) => change({ again })} />
            </label>
          ) : null}
          {kept.last ? (
            <p className="s12 m3">
              {t('rollingLast', { at: format.dateTime(kept.last.at), to: format.day(kept.last.to), count: kept.last.tasks, tasks: kept.last.tasks, again: kept.last.again })}
              {kept.last.unplaced + kept.last.failed ? <span className="fg-late"> {t('rollingUnplaced', { count: kept.last.unplaced + kept.last.failed })}</span> : null}
            </p>
          ) : null}
          <p className="s12 m3">{kept.next ? t('rollingNext', { at: format.dateTime(kept.next.at), from: format.day(kept.next.from), to: format.day(kept.next.to) }) : kept.weeks ? t('rollingNoRule') : t('rollingOffHint')}</p>
        </div>
      ) : null}
      {save.error ? <ProblemView error={save.error} compact /> : null}
    </section>
  );
}
