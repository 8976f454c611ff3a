import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, type TaskReminderRule } from '@tashi/shared/api';
import { useT } from '@tashi/shared/i18n';
import { SkeletonRows } from '@tashi/shared/ui';
import { useState } from 'react';
import { useCan } from '../../app/session';
import { LeaveGuard } from '../../kit/LeaveGuard';
import { ProblemView } from '../../kit/ProblemView';
import { toastChange } from '../../kit/undo';
import { PanelHead } from './PanelHead';
import { remindersText } from './remindersText';

const KEY = ['task-reminders'];
const MOST = 240;

/** When people hear of visits that are due. */
export function RemindersPanel() {
  const t = useT(remindersText);
  const rule = useQuery({ queryKey: KEY, queryFn: () => api.get<TaskReminderRule>('/task-reminders') });
  return (
    <div className="panel-page">
      <PanelHead title={t('title')} intro={t('intro')} />
      {rule.error ? <ProblemView error={rule.error} onRetry={() => rule.refetch()} /> : null}
      {rule.isPending ? <SkeletonRows rows={3} /> : null}
      {/* What somebody else has saved begins anew. */}
      {rule.data ? <Form key={rule.data.version} rule={rule.data} onReload={() => void rule.refetch()} /> : null}
    </div>
  );
}

function Form({ rule, onReload }: { rule: TaskReminderRule; onReload(): void }) {
  const t = useT(remindersText);
  const client = useQueryClient();
  const canWrite = useCan('company.write');
  const [soon, setSoon] = useState(String(rule.soon_minutes));
  const [overdue, setOverdue] = useState(rule.overdue);
  const minutes = soon.trim() === '' ? Number.NaN : Number(soon);
  const sound = Number.isInteger(minutes) && minutes >= 0 && minutes <= MOST;
  const changed = minutes !== rule.soon_minutes || overdue !== rule.overdue;
  const save = useMutation({
    mutationFn: () => api.put<TaskReminderRule>('/task-reminders', { soon_minutes: minutes, overdue }, { version: rule.version }),
    onSuccess: (next) => {
      client.setQueryData(KEY, next);
      toastChange(t('saved'), { method: 'put', path: '/task-reminders', body: { soon_minutes: rule.soon_minutes, overdue: rule.overdue }, version: next.version, lists: KEY });
    },
  });
  return (
    <form className="panel-card reminders" onSubmit={(event) => { event.preventDefault(); save.mutate(); }}>
      <LeaveGuard dirty={changed && !save.isPending} />
      <label className="stack">
        <span className="w7">{t('soon')}</span>
        <span className="row g6"><input className="plain-input num" type="number" inputMode="numeric" min={0} max={MOST} value={soon} aria-invalid={!sound || undefined} disabled={!canWrite} onChange={(event) => setSoon(event.target.value)} /> {t('minutes')}</span>
        <span className={sound ? 's12 m3' : 's12 fg-problem'}>{t(sound ? 'soonDetail' : 'soonBounds', { most: MOST })}</span>
      </label>
      <label className="row g6">
        <input type="checkbox" checked={overdue} disabled={!canWrite} onChange={(event) => setOverdue(event.target.checked)} />
        <span><b>{t('overdue')}</b> <span className="s12 m3">{t('overdueDetail')}</span></span>
      </label>
      {save.error ? <ProblemView error={save.error} compact onRetry={onReload} /> : null}
      {canWrite ? <div><button type="submit" className="btn pri" disabled={!changed || !sound || save.isPending}>{t('save')}</button></div> : null}
    </form>
  );
}
