import type { Id, UrgentRequest } from '@tashi/shared/api';
import { useFormat, useNow, useT } from '@tashi/shared/i18n';
import { GradeTag, Icon } from '@tashi/shared/ui';
import { PriorityTag } from './PriorityTag';
import { dispatchText } from './text';

/** Requests with how each stands and the clock that matters: the wait of those that wait, the time left to answer. */
export function RequestList({ rows, over, chosen, onChoose }: { rows: readonly UrgentRequest[]; over: boolean; chosen: Id | undefined; onChoose(id: Id): void }) {
  const t = useT(dispatchText);
  const sorted = over ? rows : [...rows].sort((a, b) => rank(a) - rank(b) || b.priority - a.priority || (a.created_at < b.created_at ? -1 : 1));
  if (!rows.length) {
    return <div className="empty dispatch-empty"><Icon name="okCircle" size={28} /><b>{t(over ? 'noneOver' : 'none')}</b>{over ? null : <p>{t('noneDetail')}</p>}</div>;
  }
  return (
    <ul>
      {sorted.map((one) => (
        <li key={one.id}>
          <button type="button" className={one.id === chosen ? 'dispatch-request on' : 'dispatch-request'} aria-current={one.id === chosen} onClick={() => onChoose(one.id)}>
            <span className="row g6"><PriorityTag priority={one.priority} />{one.customer.grade ? <GradeTag grade={one.customer.grade} /> : null}<b className="clip sp">{one.customer.name}</b></span>
            <span className="clip">{one.title}</span>
            <StatusLine request={one} />
          </button>
        </li>
      ))}
    </ul>
  );
}

/** Those that need somebody come first. */
const rank = ({ status }: UrgentRequest) => (status === 'open' ? 0 : status === 'offered' ? 1 : 2);

/** One sentence: what it waits for. */
export function StatusLine({ request }: { request: UrgentRequest }) {
  const t = useT(dispatchText);
  const format = useFormat();
  const now = useNow(1000);
  const { status, offer, task } = request;
  const late = request.latest_at !== null && now > Date.parse(request.latest_at);
  if (status === 'open') {
    return (
      <span className="row g6 s12 fg-problem">
        <Icon name="warn" size={14} weight={2} />
        {t('status.open')}<span className="m2">{t('waiting', { duration: format.duration(Math.max(0, (now - Date.parse(request.changed_at)) / 1000)) })}</span>
        {late ? <span className="end">{t('lateNow')}</span> : request.latest_at ? <span className="end m2">{t('latest', { time: format.time(request.latest_at) })}</span> : null}
      </span>
    );
  }
  if (status === 'offered' && offer) {
    const left = Math.max(0, Math.round((Date.parse(offer.expires_at) - now) / 1000));
    const clock = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`;
    return <span className="row g6 s12 fg-late"><Icon name="clock" size={14} weight={2} /><span className="tabular">{left ? t('answerLeft', { name: offer.employee.name, clock }) : t('answerOver', { name: offer.employee.name })}</span></span>;
  }
  if (status === 'offered') return <span className="row g6 s12 fg-late"><Icon name="clock" size={14} weight={2} />{t('status.offered')}</span>;
  if (status === 'accepted') {
    const words = task?.eta ? t('goes', { name: task.employee.name, time: format.time(task.eta) }) : t('goesOnly', { name: task?.employee.name ?? offer?.employee.name ?? '' });
    return <span className="row g6 s12 fg-visit"><Icon name="navigate" size={14} weight={2} />{words}</span>;
  }
  if (status === 'done') return <span className="row g6 s12 fg-visit"><Icon name="okCircle" size={14} weight={2} />{task ? t('visitDone', { name: task.employee.name }) : t('status.done')}</span>;
  return <span className="row g6 s12 m2"><Icon name="close" size={14} weight={2} />{t('status.cancelled')}{request.reason ? <span className="clip">· {request.reason}</span> : null}</span>;
}
