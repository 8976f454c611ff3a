import type { MissedVisit } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { planChangeText } from '@tashi/shared/plan/text.ts';
import { whyText } from '@tashi/shared/plan/words.ts';
import { GradeTag, SkeletonRows, toast } from '@tashi/shared/ui';
import { ProblemView } from '../../kit/ProblemView';
import { frequencyText } from './text';
import { useMissed, usePlanAgain } from './useFrequency';

/** Visits that fell through, each with a day on which it fits. */
export function MissedList({ canWrite }: { canWrite: boolean }) {
  const t = useT(frequencyText);
  const missed = useMissed();
  return (
    <section aria-label={t('missed')}>
      <div className="hd"><h2>{t('missed')}</h2>{missed.data?.length ? <span className="sub">{missed.data.length}</span> : null}</div>
      {missed.error ? <ProblemView error={missed.error} onRetry={() => void missed.refetch()} compact /> : null}
      {missed.isPending ? <SkeletonRows rows={3} height={44} /> : null}
      {missed.data?.length === 0 ? <p className="freq-pad s12 m3">{t('missedNone')}</p> : null}
      <ul className="freq-missed">{missed.data?.map((one) => <MissedRow key={one.task_id} one={one} canWrite={canWrite} />)}</ul>
    </section>
  );
}

function MissedRow({ one, canWrite }: { one: MissedVisit; canWrite: boolean }) {
  const t = useT(frequencyText);
  const c = useT(planChangeText);
  const format = useFormat();
  const again = usePlanAgain();
  const day = one.suggested;
  return (
    <li>
      <div className="row g6"><GradeTag grade={one.customer.grade} /><b className="clip sp" title={one.customer.name}>{one.customer.name}</b><span className="s12 m3 nw">{one.employee.name}</span></div>
      <div className="row g6">
        <span className="s12 m3 sp">{one.status === 'skipped' ? t('missedSkipped', { day: format.day(one.day), reason: whyText(c, one.reason_code, one.reason) }) : t('missedOverdue', { day: format.day(one.day) })}</span>
        {canWrite && day ? (
          <button
            type="button"
            className="btn sm"
            disabled={again.isPending}
            // The row is gone by the time it is planned, and its callbacks with it; the promise stays. A failure is shown below.
            onClick={() => void again.mutateAsync({ id: one.task_id, day }).then(() => toast(t('plannedAgain', { customer: one.customer.name, day: format.dayNear(day) })), () => undefined)}
          >
            {t('planAgain', { day: format.dayNear(day) })}
          </button>
        ) : !day ? <span className="s12 m3">{t('noDay')}</span> : null}
      </div>
      {again.error ? <ProblemView error={again.error} compact /> : null}
    </li>
  );
}
