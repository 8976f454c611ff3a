import type { Plan } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { Icon, toast } from '@tashi/shared/ui';
import { useId, useState } from 'react';
import { AskReason } from '../../kit/AskReason';
import { planningText } from './text';
import { useCancelPlan } from './usePlanning';

const OPEN = ['new', 'accepted', 'on_the_way', 'overdue'];
const WAITING = ['new', 'accepted', 'overdue'];

/** Cancelling tells the person why; it cannot be undone, so it asks. Locked visits are promises: what becomes of them is asked too. */
export function CancelPlan({ plan, onClose }: { plan: Plan; onClose(): void }) {
  const t = useT(planningText);
  const format = useFormat();
  const group = useId();
  const cancel = useCancelPlan();
  const [locked, setLocked] = useState<'keep' | 'cancel'>('keep');
  const open = plan.tasks.filter((task) => OPEN.includes(task.status)).length;
  const promised = plan.tasks.filter((task) => task.locked && WAITING.includes(task.status));
  return (
    <AskReason
      title={t('cancelTitle', { name: plan.employee.name, day: format.dayNear(plan.day) })}
      detail={t('cancelDetail', { count: open - (locked === 'keep' ? promised.length : 0), name: plan.employee.name })}
      label={t('reason')}
      placeholder={t('reasonPlaceholder')}
      verb={t('cancelVerb')}
      danger
      busy={cancel.isPending}
      error={cancel.error}
      onClose={onClose}
      onRun={(reason) =>
        cancel.mutate({ plan, reason, ...(promised.length ? { locked } : {}) }, {
          onSuccess: () => {
            toast(t('cancelled', { name: plan.employee.name }));
            onClose();
          },
        })}
    >
      {promised.length ? (
        <fieldset className="plan-locked">
          <legend className="row g6"><Icon name="lock" size={14} />{t('cancelLocked', { count: promised.length })}</legend>
          <ul>
            {promised.map((task) => <li key={task.id}><b>{task.customer.name}</b> <span className="m3">{task.eta ? format.time(task.eta) : format.window(task.window)}</span></li>)}
          </ul>
          {(['keep', 'cancel'] as const).map((one) => (
            <label key={one} className="row g6">
              <input type="radio" name={group} checked={locked === one} onChange={() => setLocked(one)} />
              <span>{t(`cancelLocked.${one}`, { name: plan.employee.name })}</span>
            </label>
          ))}
        </fieldset>
      ) : null}
    </AskReason>
  );
}
