import type { Day, Id, Plan } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { Avatar, Icon, SkeletonRows } from '@tashi/shared/ui';
import { ProblemView } from '../../kit/ProblemView';
import { ChangedWord } from './ChangedWord';
import { planningText } from './text';

/** Whose day is planned, how far, and whether it reached the phone. */
export function DayPlans({ plans, pending, error, onRetry, day, selected, onOpen }: {
  plans: readonly Plan[];
  pending: boolean;
  error: unknown;
  onRetry(): void;
  day: Day;
  selected: Id | undefined;
  onOpen(plan: Plan): void;
}) {
  const t = useT(planningText);
  const format = useFormat();
  if (error) return <div className="pool-pad"><ProblemView error={error} onRetry={onRetry} compact /></div>;
  if (pending) return <SkeletonRows rows={8} height={64} />;
  if (!plans.length) {
    return (
      <div className="empty pool-pad">
        <b>{t('plansEmpty', { day: format.dayNear(day) })}</b>
        <p>{t('plansEmptyDetail')}</p>
      </div>
    );
  }
  return (
    <ul className="day-plans">
      {plans.map((plan) => (
        <li key={plan.id}>
          <button type="button" className={plan.id === selected ? 'day-plan on' : 'day-plan'} aria-current={plan.id === selected || undefined} onClick={() => onOpen(plan)}>
            <Avatar name={plan.employee.name} size="sm" />
            <span className="day-plan-words">
              <span className="row"><b className="clip">{plan.employee.name}</b><Progress plan={plan} /></span>
              <span className="s12 m3 clip">{t('stops', { count: plan.tasks.filter((task) => task.status !== 'cancelled').length })}·{format.km(plan.route.meters)} km·{format.window(plan.window)}</span>
              <span className="s12"><DeliveryWord plan={plan} /></span>
              {plan.changes.length ? <span className="s12 row"><ChangedWord changes={plan.changes} /></span> : null}
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}

function Progress({ plan }: { plan: Plan }) {
  const t = useT(planningText);
  const tasks = plan.tasks.filter((task) => task.status !== 'cancelled');
  const done = tasks.filter((task) => task.status === 'done').length;
  return done ? <span className="end s12 m3">{t('progress', { done, total: tasks.length })}</span> : null;
}

/** Delivered, read, or not yet on the phone. */
export function DeliveryWord({ plan }: { plan: Plan }) {
  const t = useT(planningText);
  const format = useFormat();
  if (plan.status === 'cancelled') return <span className="row g4 m3"><Icon name="xCircle" size={14} weight={2} />{t('statusCancelled')}</span>;
  if (plan.read_at) return <span className="row g4 fg-visit"><Icon name="okCircle" size={14} weight={2} />{t('read', { time: format.dateTime(plan.read_at) })}</span>;
  if (plan.delivered_at) return <span className="row g4 fg-moving"><Icon name="cloudOk" size={14} weight={2} />{t('delivered', { time: format.dateTime(plan.delivered_at) })}</span>;
  return <span className="row g4 fg-late"><Icon name="cloudUp" size={14} weight={2} />{t('notDelivered')}</span>;
}
