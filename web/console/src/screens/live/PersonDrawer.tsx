import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api, useStreamEvent, type Customer360, type Employee, type LivePerson, type Visit } from '@tashi/shared/api';
import { commonText, useFormat, useNow, useT } from '@tashi/shared/i18n';
import { Ago, Avatar, Figure, Icon, SkeletonRows, StateBadge } from '@tashi/shared/ui';
import { useCan } from '../../app/session';
import { EntityDrawer } from '../../kit/EntityDrawer';
import { ProblemView } from '../../kit/ProblemView';
import { isAhead, nowSentence } from './sentences';
import { StopProgress } from './StopProgress';
import { liveText } from './text';
import { VisitNow } from './VisitNow';

/** One person now: a sentence, the stops, the open visit, what is open at the shop, and what one can do. */
export function PersonDrawer({ person, onClose }: { person: LivePerson; onClose(): void }) {
  const t = useT(liveText);
  const common = useT(commonText);
  const format = useFormat();
  const now = useNow(1000);
  const { employee, visit, next } = person;
  const readVisits = useCan('visit.read');
  const readPeople = useCan('org.read');
  const readCustomers = useCan('customer.read');
  const canAssign = useCan('task.write');
  const canTrack = useCan('track.read');
  const profile = useQuery({
    queryKey: ['employees', employee.id],
    queryFn: () => api.get<Employee>('/employees/{id}', { params: { id: employee.id } }),
    enabled: readPeople,
    staleTime: 300_000,
  });
  const detail = useQuery({
    queryKey: ['visit', visit?.id],
    queryFn: () => api.get<Visit>('/visits/{id}', { params: { id: visit?.id ?? '' } }),
    enabled: readVisits && !!visit,
    staleTime: 60_000,
    refetchOnWindowFocus: false,
  });
  useStreamEvent('visit', (row) => {
    if (row.id === visit?.id) void detail.refetch();
  });
  const shop = useQuery({
    queryKey: ['customer360', visit?.customer.id],
    queryFn: () => api.get<Customer360>('/customers/{id}/360', { params: { id: visit?.customer.id ?? '' } }),
    enabled: readCustomers && !!visit,
    staleTime: 60_000,
  });
  const phone = profile.data?.phone ?? null;
  const facts = [
    person.battery === null ? null : t('battery', { percent: person.battery }),
    person.recorded_until ? null : t('policy', { mode: common(`policy.${person.policy_mode}`) }),
  ].filter(Boolean);

  return (
    <EntityDrawer
      width={364}
      label={employee.name}
      title={
        <span className="live-who">
          <Avatar name={employee.name} state={person.state} size="lg" />
          <span className="live-who-words">
            <span className="row g6 live-who-name">
              <span>{employee.name}</span>
              <span className="tag">{employee.post ? `${employee.department.name}·${employee.post}` : employee.department.name}</span>
            </span>
            <span className="s12 m3 live-facts">{facts.join('·')}</span>
          </span>
        </span>
      }
      link={`/live?person=${employee.id}`}
      onClose={onClose}
      foot={
        <>
          {canAssign ? (
            <Link to="/tasks" search={{ create: '1', person: employee.id }} className="btn pri sp">
              <Icon name="send" />
              {t('dispatch')}
            </Link>
          ) : null}
          {phone ? (
            <>
              <a className="btn" href={`sms:${phone}`} title={t('message')} aria-label={t('message')}><Icon name="message" /></a>
              <a className="btn" href={`tel:${phone}`} title={t('call')} aria-label={t('call')}><Icon name="phone" /></a>
            </>
          ) : null}
          {canTrack ? (
            <Link to="/tracks" search={{ person: employee.id }} className="btn">
              <Icon name="track" />
              {t('tracks')}
            </Link>
          ) : null}
        </>
      }
    >
      <div className="live-now">
        <StateBadge state={person.state} />
        <span className="live-now-words">{nowSentence(person, t, format, now)}</span>
        {person.fix_at ? (
          <span className="s12 m3 nw" title={format.timeSeconds(person.fix_at)}>
            <Ago at={person.fix_at} words={(age) => (person.accuracy_m === null ? age : t('fix', { age, meters: format.number(Math.round(person.accuracy_m)) }))} />
          </span>
        ) : null}
      </div>
      <section className="live-section" aria-label={t('stops')}>
        {person.stops.length ? <StopProgress stops={person.stops} linked={readVisits} /> : <span className="s12 m3">{t('stopsNone')}</span>}
      </section>
      {visit ? (
        <section className="live-section" aria-label={t('visitNow')}>
          <h3>{t('visitNow')}</h3>
          {detail.data ? <VisitNow visit={detail.data} /> : null}
          {detail.error ? <ProblemView error={detail.error} onRetry={detail.refetch} compact /> : null}
          {detail.isPending && readVisits ? <SkeletonRows rows={4} height={28} /> : null}
          {readVisits ? null : <p className="note"><Icon name="lock" size={14} />{t('hidden')}</p>}
        </section>
      ) : null}
      {shop.data ? (
        <section className="live-section">
          <h3>
            {shop.data.visits.find((row) => row.status === 'done')
              ? t('lastVisit', { day: format.dayAge(shop.data.visits.find((row) => row.status === 'done')?.day) })
              : t('firstVisit')}
            <Link to="/customers/$id" params={{ id: shop.data.customer.id }} className="end w5">{t('customer')}</Link>
          </h3>
          {shop.data.problems.filter((one) => !one.closed_at).map((one) => (
            <p key={one.id} className="row s12 live-problem">
              <Icon name="warn" size={15} className="fg-late" />
              <span className="sp">{t('openProblem', { text: one.text })}</span>
              <span className="m3 nw"><Ago at={one.opened_at} words={(age) => t('openedAgo', { age })} /></span>
            </p>
          ))}
        </section>
      ) : null}
      <section className="live-section live-figures">
        <div>
          <span>{t('driven')}</span>
          <Figure value={format.km(person.counted_m)} unit="km" size={16} />
        </div>
        <div>
          <span>{t('stayed')}</span>
          <Figure value={format.minutes(person.stay_s)} unit={t('min')} size={16} />
        </div>
        <div>
          <span>{next?.eta ? t(isAhead(next.eta, now) ? 'nextStop' : 'nextStopDue', { time: format.time(next.eta) }) : t('nextStopNone')}</span>
          <Figure value={next?.meters === null || !next ? '—' : format.km(next.meters)} unit={next?.meters ? 'km' : undefined} size={16} />
        </div>
      </section>
      <p className="live-section note">
        <Icon name="eye" size={14} />
        <span>
          {person.recorded_until
            ? isAhead(person.recorded_until, now)
              ? t('until', { time: format.time(person.recorded_until), mode: common(`policy.${person.policy_mode}`) })
              : t('ended', { time: format.time(person.recorded_until) })
            : null}{' '}
          {t('ledger', { name: employee.name })}
        </span>
      </p>
    </EntityDrawer>
  );
}
