import { Link } from '@tanstack/react-router';
import type { UseQueryResult } from '@tanstack/react-query';
import { newId, type Id, type TaskMate, type UrgentCandidate, type UrgentCandidates, type UrgentOffer, type UrgentRequest } from '@tashi/shared/api';
import { commonText, useFormat, useT } from '@tashi/shared/i18n';
import { Avatar, Badge, GradeTag, Icon, SkeletonRows, toast } from '@tashi/shared/ui';
import { useState } from 'react';
import { ProblemView } from '../../kit/ProblemView';
import { SkillChips } from '../../kit/Skills';
import { CancelRequest } from './CancelRequest';
import { briefOf, factsOf, unableWords } from './factors';
import { PriorityTag } from './PriorityTag';
import { StatusLine } from './RequestList';
import { SourceNote } from '../planning/SourceNote';
import { dispatchText } from './text';
import { TrafficNote } from './TrafficNote';
import { useHelp, useSend, useWithdraw } from './useDispatch';

/** One request: how it stands, who could go and why, who was asked. */
export function CandidatePanel({ request, offers, helpers, helping, onHelping, ranked, canWrite, canRank, chosen, onChoose }: {
  request: UrgentRequest;
  offers: readonly UrgentOffer[];
  /** Who goes along with who accepted. */
  helpers: readonly TaskMate[];
  /** Somebody more is being looked for. */
  helping: boolean;
  onHelping(on: boolean): void;
  ranked: UseQueryResult<UrgentCandidates>;
  canWrite: boolean;
  canRank: boolean;
  chosen: Id | undefined;
  onChoose(id: Id | undefined): void;
}) {
  const t = useT(dispatchText);
  const format = useFormat();
  const [cancelling, setCancelling] = useState(false);
  const send = useSend(request.id);
  const withdraw = useWithdraw(request.id);
  const help = useHelp(request.id);
  const { customer } = request;
  const goes = request.status === 'accepted' && request.task;
  const also = (employee: { id: Id; name: string }) =>
    help.mutate({ id: newId(), employee_id: employee.id }, { onSuccess: () => { onHelping(false); toast(t('helped', { name: employee.name })); } });
  const living = request.status !== 'done' && request.status !== 'cancelled';
  const ask = (employee: { id: Id; name: string }, late = false) =>
    send.mutate({ id: newId(), employee_id: employee.id, ...(late ? { late } : {}) }, { onSuccess: () => toast(t('sent', { name: employee.name })) });
  return (
    <>
      <header className="dispatch-head">
        <div className="row g6"><PriorityTag priority={request.priority} />{customer.grade ? <GradeTag grade={customer.grade} /> : null}<h2 className="sp">{customer.name}</h2></div>
        <p className="s14"><b>{request.title}</b>{request.note ? <span className="m2"> · {request.note}</span> : null}</p>
        <p className="s12 m2">{format.dots([customer.address, t('takes', { minutes: request.service_minutes }), request.latest_at ? t('latest', { time: format.time(request.latest_at) }) : null, customer.owner ? t('owner', { name: customer.owner.name }) : null, request.made_room ? t('madeRoom') : null])}</p>
        {request.skills.length ? <p><SkillChips skills={request.skills} /></p> : null}
        <div className="row g6 dispatch-wrap" role="status">
          <StatusLine request={request} />
          <span className="sp" />
          {request.task ? <Link to="/tasks" search={{ task: request.task.id }} className="btn sm">{t('openTask')}</Link> : null}
          {canWrite && canRank && goes ? <button type="button" className="btn sm" aria-pressed={helping} onClick={() => onHelping(!helping)}><Icon name="users" size={14} />{t(helping ? 'helpStop' : 'help')}</button> : null}
          {canWrite && request.status === 'offered' ? <button type="button" className="btn sm" disabled={withdraw.isPending} onClick={() => withdraw.mutate(undefined, { onSuccess: () => toast(t('withdrawn')) })}>{t('withdraw')}</button> : null}
          {canWrite && living ? <button type="button" className="btn sm danger" onClick={() => setCancelling(true)}>{t('cancel')}</button> : null}
        </div>
        <p className="s12 m3">{t('by', { name: request.created_by.name, time: format.time(request.created_at) })}</p>
      </header>
      <div className="dispatch-scroll">
        {helpers.length ? <p className="row g6 s14 dispatch-pad"><Icon name="users" size={14} />{t('helpers', { names: format.names(helpers.map((one) => one.employee.name)) })}</p> : null}
        {help.error ? <ProblemView error={help.error} compact /> : null}
        {send.error ? <ProblemView error={send.error} compact /> : null}
        {withdraw.error ? <ProblemView error={withdraw.error} compact /> : null}
        {request.status === 'open' ? (
          canRank ? <Ranked ranked={ranked} chosen={chosen} onChoose={onChoose} canWrite={canWrite} sending={send.isPending} onSend={ask} /> : <p className="dispatch-pad m2">{t('noPosition')}</p>
        ) : null}
        {goes && helping ? <Ranked ranked={ranked} chosen={chosen} onChoose={onChoose} canWrite={canWrite} sending={help.isPending} onSend={also} help={new Set([goes.employee.id, ...helpers.map((one) => one.employee.id)])} /> : null}
        {offers.length ? <History offers={offers} /> : null}
      </div>
      {cancelling ? <CancelRequest request={request} onClose={() => setCancelling(false)} /> : null}
    </>
  );
}

function Ranked({ ranked, chosen, onChoose, canWrite, sending, onSend, help = null }: {
  ranked: UseQueryResult<UrgentCandidates>;
  chosen: Id | undefined;
  onChoose(id: Id | undefined): void;
  canWrite: boolean;
  sending: boolean;
  onSend(employee: { id: Id; name: string }, late?: boolean): void;
  /** Somebody more is looked for: these go already. */
  help?: ReadonlySet<Id> | null;
}) {
  const t = useT(dispatchText);
  const common = useT(commonText);
  const format = useFormat();
  if (ranked.error) return <ProblemView error={ranked.error} onRetry={() => void ranked.refetch()} />;
  if (!ranked.data) return <div role="status" aria-label={t('computing')}><SkeletonRows rows={6} height={72} /></div>;
  const { at, source, open: hours } = ranked.data;
  const others = <P extends { employee: { id: Id } }>(all: readonly P[]) => all.filter((one) => !help?.has(one.employee.id));
  const people = others(ranked.data.people);
  const unable = others(ranked.data.unable);
  const open = people.find((one) => one.employee.id === chosen)?.employee.id ?? people.find((one) => one.recommended)?.employee.id;
  const group = (idle: boolean) => people.filter((one) => one.idle === idle);
  const rows = (list: readonly UrgentCandidate[]) => (
    <ul className="dispatch-people">
      {list.map((one) => (
        <PersonRow key={one.employee.id} one={one} open={one.employee.id === open} onOpen={() => onChoose(one.employee.id)} canWrite={canWrite} sending={sending} help={help !== null} onSend={() => onSend(one.employee)} />
      ))}
    </ul>
  );
  return (
    <section aria-label={t('candidates')} aria-busy={ranked.isFetching}>
      <div className="row g6 dispatch-sub dispatch-wrap">
        <h3 className="s14">{t('candidates')}</h3><span className="m3 s12">{t('considered', { time: format.time(at) })}</span>
        <span className="sp" />
        <button type="button" className="btn sm" disabled={ranked.isFetching} title={t('ledger')} onClick={() => void ranked.refetch()}><Icon name="sync" size={14} />{ranked.isFetching ? common('loading') : t('refresh')}</button>
      </div>
      {hours ? <p className="row g6 s12 dispatch-pad"><Icon name="clock" size={14} className={people.some((one) => one.factors.closed) ? 'fg-late' : undefined} />{hours.length ? t('openHours', { hours: format.names(hours.map((one) => format.window(one))) }) : t('closedToday')}</p> : null}
      {people.length ? null : <div className="empty dispatch-empty"><Icon name="info" size={28} /><b>{t('nobody')}</b><p>{t('nobodyDetail')}</p></div>}
      {group(true).length ? <><h4 className="dispatch-group">{t('idle')}</h4>{rows(group(true))}</> : null}
      {group(false).length ? <><h4 className="dispatch-group">{t('busy')}</h4>{rows(group(false))}</> : null}
      {unable.length ? (
        <>
          <h4 className="dispatch-group">{t('unable')} {format.number(unable.length)}</h4>
          <ul className="dispatch-unable">
            {unable.map((one) => (
              <li key={one.employee.id} className="row g6 s12">
                <b>{one.employee.name}</b><span className="m2 sp">{unableWords(one.reason, one.lacks, one.at, t, format)}</span>
                {canWrite && !help && one.reason === 'too_late' ? <button type="button" className="btn sm" disabled={sending} onClick={() => onSend(one.employee, true)}>{t('sendLate')}</button> : null}
              </li>
            ))}
          </ul>
        </>
      ) : null}
      <div className="dispatch-pad"><TrafficNote source={source} />{source.traffic || source.instead_of ? null : <SourceNote source={source} />}<p className="s12 m3">{t('ledger')}</p></div>
    </section>
  );
}

function PersonRow({ one, open, onOpen, canWrite, sending, help, onSend }: { one: UrgentCandidate; open: boolean; onOpen(): void; canWrite: boolean; sending: boolean; help: boolean; onSend(): void }) {
  const t = useT(dispatchText);
  const format = useFormat();
  const { employee, factors } = one;
  return (
    <li className={open ? 'on' : undefined}>
      <div className="dispatch-person">
        <button type="button" className="dispatch-who" aria-expanded={open} onClick={onOpen}>
          <Avatar name={employee.name} state={one.idle ? 'idle' : 'visit'} size="sm" />
          <span className="dispatch-words">
            <span className="row g6"><b className="clip">{employee.name}</b>{one.recommended ? <span title={t('recommendedHint')}><Badge tone="accent" icon="wand">{t('recommended')}</Badge></span> : null}</span>
            <span className="s12 m2">{briefOf(one, t, format)}</span>
          </span>
          <span className="dispatch-eta"><small className="m3">{t('arrives')}</small><b>{format.time(factors.eta)}</b></span>
        </button>
        {canWrite ? <button type="button" className={one.recommended ? 'btn pri' : 'btn'} disabled={sending} aria-label={t(help ? 'helpSend' : 'send', { name: employee.name })} onClick={onSend}>{t(help ? 'helpShort' : 'sendShort')}</button> : null}
      </div>
      {open ? <Facts title={t('why')} factors={factors} idle={one.idle} /> : null}
    </li>
  );
}

function Facts({ title, factors, idle }: { title: string; factors: UrgentCandidate['factors']; idle: boolean }) {
  const t = useT(dispatchText);
  const format = useFormat();
  return (
    <ul className="dispatch-facts" aria-label={title}>
      {factsOf(factors, idle, t, format).map((fact) => (
        <li key={fact.key} className={fact.tone === 'against' ? 'row g6 fg-late' : fact.tone === 'for' ? 'row g6 fg-visit' : 'row g6'}>
          <Icon name={fact.icon} size={14} weight={2} /><span>{fact.text}</span>
        </li>
      ))}
    </ul>
  );
}

const TONE = { waiting: 'late', accepted: 'visit', refused: 'problem', expired: 'problem', withdrawn: 'idle' } as const;

function History({ offers }: { offers: readonly UrgentOffer[] }) {
  const t = useT(dispatchText);
  const format = useFormat();
  return (
    <section aria-label={t('history')}>
      <h3 className="s14 dispatch-sub">{t('history')}</h3>
      <ol className="dispatch-history">
        {offers.map((one) => (
          <li key={one.id}>
            <div className="row g6 dispatch-wrap">
              <span className="m3 s12 tabular">{format.time(one.answered_at ?? one.offered_at)}</span><b>{one.employee.name}</b>
              <Badge tone={TONE[one.status]}>{one.status === 'refused' ? t('offer.refused', { reason: one.reason ?? '' }) : t(`offer.${one.status}`)}</Badge>
              {one.auto ? <span className="s12 m3">{t('byRule')}</span> : null}
            </div>
            {one.factors?.eta ? <details><summary className="s12 m2">{t('whyAtSend')}</summary><Facts title={t('whyAtSend')} factors={one.factors} idle={one.factors.free_at === null} /></details> : null}
          </li>
        ))}
      </ol>
    </section>
  );
}
