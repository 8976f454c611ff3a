import { Link } from '@tanstack/react-router';
import type { Plan } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { planChangeText } from '@tashi/shared/plan/text.ts';
import { whyText } from '@tashi/shared/plan/words.ts';
import { Avatar, GradeTag, Icon, TaskBadge } from '@tashi/shared/ui';
import { useState } from 'react';
import { useCan } from '../../app/session';
import { CancelPlan } from './CancelPlan';
import { Changes } from './Changes';
import { DeliveryWord } from './DayPlans';
import { RouteSummary } from './RouteSummary';
import { planningText } from './text';

/** One plan as it is: stops with their state, whether it reached the phone, change and cancel. */
export function PlanView({ plan, onEdit, onClose }: { plan: Plan; onEdit(): void; onClose(): void }) {
  const t = useT(planningText);
  const c = useT(planChangeText);
  const format = useFormat();
  const canWrite = useCan('task.write');
  const [cancelling, setCancelling] = useState(false);
  const past = plan.day < format.today();
  const live = plan.status === 'planned';
  return (
    <aside className="plan-side" aria-label={plan.employee.name}>
      <div className="plan-scroll">
        <div className="hd">
          <Avatar name={plan.employee.name} size="sm" />
          <h2>{plan.employee.name}</h2>
          <span className="sub">{format.dayWeek(plan.day)} {format.window(plan.window)}</span>
          <button type="button" className="icb end" aria-label={t('discard')} onClick={onClose}><Icon name="close" /></button>
        </div>
        <div className="plan-part first">
          <DeliveryWord plan={plan} />
          <p className="s12 m3">{t('createdBy', { name: plan.created_by.name, time: format.dateTime(plan.created_at) })}</p>
          {plan.note ? <p className="plan-quote">{plan.note}</p> : null}
          <Changes changes={plan.changes} />
        </div>
        <div className="plan-part">
          <RouteSummary route={plan.route} manual={false} best={null} busy={false} />
          <ol className="route-list">
            {(live ? plan.tasks.filter((task) => task.status !== 'cancelled') : plan.tasks).map((task) => (
              <li key={task.id} className="plan-stop">
                <span className="route-seq">{task.seq}</span>
                <span className="plan-stop-words">
                  <span className="row g6"><GradeTag grade={task.customer.grade} /><b className="clip" title={task.customer.name}>{task.customer.name}</b></span>
                  <span className="s12 m3">{task.status === 'skipped' && (task.reason_code || task.reason) ? whyText(c, task.reason_code, task.reason) : format.dots([format.window(task.window), task.eta && format.time(task.eta)])}</span>
                </span>
                {task.visit_id ? (
                  <Link to="/visits/$id" params={{ id: task.visit_id }} aria-label={task.customer.name}><TaskBadge status={task.status} /></Link>
                ) : (
                  <TaskBadge status={task.status} />
                )}
              </li>
            ))}
          </ol>
        </div>
      </div>
      <footer className="plan-foot">
        {canWrite && live && !past ? (
          <>
            <button type="button" className="btn pri sp" onClick={onEdit}>{t('edit')}</button>
            <button type="button" className="btn danger" onClick={() => setCancelling(true)}>{t('cancelPlan')}</button>
          </>
        ) : (
          <span className="s12 m3">{!canWrite ? t('readOnly') : past ? t('past') : t('statusCancelled')}</span>
        )}
      </footer>
      {cancelling ? <CancelPlan plan={plan} onClose={() => setCancelling(false)} /> : null}
    </aside>
  );
}
