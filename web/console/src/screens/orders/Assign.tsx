import { newId, toProblem, type Id, type WorkOrder } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { Avatar, Badge, SkeletonRows, toast } from '@tashi/shared/ui';
import { Select } from 'antd';
import { useState } from 'react';
import { useCan } from '../../app/session';
import { DayField } from '../../kit/DayField';
import { ProblemView } from '../../kit/ProblemView';
import { useActiveEmployees, useOptions } from '../../kit/refs';
import { ordersText } from './text';
import { useAssign, useOrderCandidates } from './useOrders';

/** Who goes: the nearest who can, with the reasons, or whoever is chosen by hand. */
export function Assign({ order }: { order: WorkOrder }) {
  const t = useT(ordersText);
  const format = useFormat();
  const canRank = useCan('live.read');
  const [way, setWay] = useState<'near' | 'hand'>('hand');
  const [person, setPerson] = useState<Id | undefined>();
  const [day, setDay] = useState(format.today());
  const assign = useAssign(order.id);
  const people = useActiveEmployees().data;
  const options = useOptions(people);
  const send = (employee: { id: Id; name: string }) => assign.mutate({ id: newId(), employee_id: employee.id, ...(way === 'hand' ? { day } : {}) }, { onSuccess: () => toast(t('sent', { name: employee.name })) });
  const chosen = people?.find((one) => one.id === person);
  return (
    <section className="order-assign" aria-label={t('assignTitle')}>
      <div className="row g6"><h3 className="sp">{t('assignTitle')}</h3>
        {canRank ? (
          <span className="seg" role="radiogroup" aria-label={t('assign')}>
            {(['near', 'hand'] as const).map((one) => <button key={one} type="button" role="radio" aria-checked={way === one} className={way === one ? 'on' : ''} onClick={() => setWay(one)}>{t(one === 'near' ? 'nearest' : 'byHand')}</button>)}
          </span>
        ) : null}
      </div>
      {way === 'near' ? <Near order={order} sending={assign.isPending} onSend={send} /> : (
        <div className="row g6 order-wrap">
          <Select aria-label={t('choosePerson')} placeholder={t('choosePerson')} value={person} options={options} onChange={setPerson} showSearch={{ optionFilterProp: 'label' }} style={{ minWidth: 160 }} />
          <DayField label={t('day')} value={day} min={format.today()} onChange={(next) => setDay(next ?? format.today())} />
          <button type="button" className="btn pri" disabled={!chosen || assign.isPending} onClick={() => chosen && send(chosen)}>{t('sendShort')}</button>
        </div>
      )}
      {assign.error ? <ProblemView error={assign.error} compact /> : null}
    </section>
  );
}

function Near({ order, sending, onSend }: { order: WorkOrder; sending: boolean; onSend(employee: { id: Id; name: string }): void }) {
  const t = useT(ordersText);
  const format = useFormat();
  const ranked = useOrderCandidates(order.id, true);
  if (ranked.error) return toProblem(ranked.error).code === 'dispatch.no_place' ? <p className="m2">{t('noPlace')}</p> : <ProblemView error={ranked.error} onRetry={() => void ranked.refetch()} compact />;
  if (!ranked.data) return <div role="status" aria-label={t('computing')}><SkeletonRows rows={3} height={48} /></div>;
  return (
    <>
      {ranked.data.people.length === 0 ? <p className="m2">{t('rankedNone')}</p> : null}
      <ul className="order-people">
        {ranked.data.people.slice(0, 8).map((one) => (
          <li key={one.employee.id} className="row g6">
            <Avatar name={one.employee.name} state={one.idle ? 'idle' : 'visit'} size="sm" />
            <span className="sp"><span className="row g6"><b>{one.employee.name}</b>{one.recommended ? <Badge tone="accent" icon="wand">{t('recommended')}</Badge> : null}</span>
              <span className="s12 m2">{format.dots([t('eta', { time: format.time(one.factors.eta) }), t('away', { distance: format.distance(one.factors.line_m) }), one.factors.ahead ? t('load', { count: one.factors.ahead }) : null])}</span>
            </span>
            <button type="button" className={one.recommended ? 'btn sm pri' : 'btn sm'} disabled={sending} aria-label={t('send', { name: one.employee.name })} onClick={() => onSend(one.employee)}>{t('sendShort')}</button>
          </li>
        ))}
      </ul>
      <p className="s12 m3">{t('nearestHint')}</p>
    </>
  );
}
