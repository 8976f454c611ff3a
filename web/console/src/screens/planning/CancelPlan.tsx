import type { Plan } from '@tashi/shared/api';
import { commonText, useFormat, useT } from '@tashi/shared/i18n';
import { toast } from '@tashi/shared/ui';
import { useState } from 'react';
import { Modal } from '../../kit/Modal';
import { ProblemView } from '../../kit/ProblemView';
import { planningText } from './text';
import { useCancelPlan } from './usePlanning';

/** Cancelling tells the person why; it cannot be undone, so it asks. */
export function CancelPlan({ plan, onClose }: { plan: Plan; onClose(): void }) {
  const t = useT(planningText);
  const common = useT(commonText);
  const format = useFormat();
  const [reason, setReason] = useState('');
  const cancel = useCancelPlan();
  const open = plan.tasks.filter((task) => !['done', 'cancelled', 'skipped', 'on_site'].includes(task.status)).length;
  return (
    <Modal
      title={t('cancelTitle', { name: plan.employee.name, day: format.dayNear(plan.day) })}
      width={460}
      onClose={onClose}
      foot={
        <>
          <button type="button" className="btn" onClick={onClose}>{common('back')}</button>
          <button
            type="button"
            className="btn danger-fill"
            disabled={!reason.trim() || cancel.isPending}
            onClick={() =>
              cancel.mutate({ plan, reason: reason.trim() }, {
                onSuccess: () => {
                  toast(t('cancelled', { name: plan.employee.name }));
                  onClose();
                },
              })}
          >
            {t('cancelVerb')}
          </button>
        </>
      }
    >
      <p className="m2">{t('cancelDetail', { count: open, name: plan.employee.name })}</p>
      <label className="plan-field" style={{ marginTop: 12 }}>
        <span>{t('reason')}</span>
        <input className="plain-input" autoFocus maxLength={200} placeholder={t('reasonPlaceholder')} value={reason} onChange={(event) => setReason(event.target.value)} />
      </label>
      {cancel.error ? <div style={{ marginTop: 12 }}><ProblemView error={cancel.error} compact /></div> : null}
    </Modal>
  );
}
