import { Link } from '@tanstack/react-router';
import type { VisitRow } from '@tashi/shared/api';
import { commonText, useFormat, useT } from '@tashi/shared/i18n';
import { Icon, SkeletonRows, StateText } from '@tashi/shared/ui';
import { ProblemView } from '../../kit/ProblemView';
import { useList } from '../../kit/useList';
import { customersText } from './text';

/** All visits to one customer, newest first; each opens its record. */
export function CustomerVisits({ customerId }: { customerId: string }) {
  const t = useT(customersText);
  const common = useT(commonText);
  const format = useFormat();
  const list = useList<VisitRow>(['visits', 'customer'], '/visits', { customer_id: customerId }, { limit: 50 });
  if (list.error) return <div className="drawer-pad"><ProblemView error={list.error} onRetry={list.retry} /></div>;
  if (list.pending) return <SkeletonRows />;
  if (!list.rows.length) return <p className="drawer-pad m2">{t('noTimeline')}</p>;
  return (
    <>
      <ul className="visit-list">
        {list.rows.map((visit) => (
          <li key={visit.id}>
            <Link to="/visits/$id" params={{ id: visit.id }}>
              <span className="cell2">
                <b>{format.dayWeek(visit.day)} {format.time(visit.check_in_at)}</b>
                <span className="sub">{format.dots([visit.employee.name, visit.stay_s !== null && format.duration(visit.stay_s)])}</span>
              </span>
              <span className="end">
                {visit.status === 'open' ? <StateText tone="visit" icon="store">{common('visit.open')}</StateText>
                  : visit.effective ? <StateText tone="visit" icon="okCircle">{common('visit.effective')}</StateText>
                  : visit.effective === false ? <StateText tone="late" icon="unknownCircle">{common('visit.ineffective')}</StateText>
                  : <StateText tone="idle" icon="clock">{common('visit.unjudged')}</StateText>}
              </span>
              <Icon name="right" size={14} className="m3" />
            </Link>
          </li>
        ))}
      </ul>
      <div className="row drawer-pad">
        {list.hasMore ? <button type="button" className="btn sm" disabled={list.loadingMore} onClick={list.more}>{common('more')}</button> : null}
        <Link className="btn sm" to="/visits" search={{ customer: customerId }}>{t('allVisits')}</Link>
      </div>
    </>
  );
}
