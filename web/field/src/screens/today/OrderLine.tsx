import type { Plan, PlanChangeLeave } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { planChangeText } from '@tashi/shared/plan/text.ts';
import { unfitText } from '@tashi/shared/plan/words.ts';
import { Icon } from '@tashi/shared/ui';
import type { Stops } from '../../app/context.tsx';
import { Link } from '../../shell/router.tsx';
import { setAside } from '../../sync/store.ts';
import type { Stop } from '../../work/day.ts';
import { waits } from '../../work/reorder.ts';
import { todayText } from './text.ts';

/** Above the list: the way to another order, and what became of the last one. */
export function OrderLine({ plan, stops, pending, refused, leave }: { plan: Plan; stops: readonly Stop[]; pending: boolean; refused: Stops['refused']; leave: PlanChangeLeave }) {
  const t = useT(todayText);
  const c = useT(planChangeText);
  const f = useFormat();
  const waiting = plan.changes?.find((one) => one.kind === 'reorder' && (one.status === 'waiting' || one.status === 'returned'));
  const last = [...(plan.changes ?? [])].reverse().find((one) => one.kind === 'reorder');
  const open = stops.filter((stop) => waits(stop) && stop.task.plan_id === plan.id).length;
  return (
    <>
      {refused ? (
        <div className="say late mx" role="status" style={{ marginBottom: 8 }}>
          <Icon name="warn" size={22} />
          <div style={{ flex: 1 }}>
            <b>{refused.refusal?.title ?? t('orderRefused')}</b>
            {refused.refusal?.code === 'board.locked' ? t('orderLocked') : refused.refusal?.detail}
            <div className="row g8" style={{ flexWrap: 'wrap', paddingTop: 8 }}>
              {open > 1 ? <Link className="chipbtn" to={`/reorder?wish=${refused.id}`}>{t('orderAgain')}</Link> : null}
              <button type="button" className="chipbtn" style={{ borderColor: 'var(--line-strong)', color: 'var(--ink-2)' }} onClick={() => void setAside(refused.id)}>{t('orderSeen')}</button>
            </div>
          </div>
        </div>
      ) : null}
      {waiting ? (
        <Link className="say mx" to={waiting.case_id ? `/approvals/${waiting.case_id}` : '/approvals'} style={{ marginBottom: 8, color: 'inherit' }}>
          <Icon name={waiting.status === 'returned' ? 'undo' : 'clock'} size={20} /><span>{t(waiting.status === 'returned' ? 'orderReturned' : 'orderWaits', { time: f.time(waiting.said_at) })}</span>
        </Link>
      ) : last?.status === 'unfit' ? <p className="say late mx" style={{ marginBottom: 8 }}><Icon name="info" size={20} />{unfitText(c, last.unfit)}</p> : null}
      <div className="row mx" style={{ justifyContent: 'space-between', minHeight: 48, gap: 8 }}>
        <span className="m3" style={{ font: '13px/18px var(--font)' }}>{pending ? t('orderPending') : last?.status === 'applied' ? t('orderMine', { time: f.time(last.said_at) }) : null}</span>
        {open > 1 && leave !== 'no' ? <Link className="textlink" to="/reorder" style={{ width: 'auto', minHeight: 48 }}><Icon name="sync" size={18} />{t('order')}</Link> : null}
        {open > 1 && leave === 'no' ? <Link className="m3" to="/reorder" style={{ font: '13px/18px var(--font)', minHeight: 48, display: 'inline-flex', alignItems: 'center', gap: 4 }}><Icon name="lock" size={15} />{t('orderNo')}</Link> : null}
      </div>
    </>
  );
}
