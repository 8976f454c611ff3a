import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { api, type Customer, type Customer360 } from '@tashi/shared/api';
import { commonText, serverNow, useFormat, useNow, useT } from '@tashi/shared/i18n';
import { Badge, Figure, GradeTag, Icon, SkeletonRows } from '@tashi/shared/ui';
import { isAlways } from '@tashi/shared/plan/hours.ts';
import { hoursText, hoursWords, openNowText } from '@tashi/shared/plan/hoursText.ts';
import { useCan } from '../../app/session';
import { EntityDrawer } from '../../kit/EntityDrawer';
import { ProblemView } from '../../kit/ProblemView';
import { useShortcuts } from '../../kit/shortcuts';
import { toastChange } from '../../kit/undo';
import { CodesSection } from './CodesSection';
import { CustomFacts } from '../custom/CustomFacts';
import { useCustomFields } from '../custom/useCustomFields';
import { ContactList } from './ContactList';
import { CustomerTimeline } from './CustomerTimeline';
import { CustomerVisits } from './CustomerVisits';
import { ObjectLinks } from '../objects/ObjectLinks';
import { useHasObjects } from '../objects/useObjects';
import { OwnerHistory } from './OwnerHistory';
import { ProblemList } from './ProblemList';
import { Rhythm } from './Rhythm';
import type { CustomersSearch } from './search';
import { customersText } from './text';

type Tab = NonNullable<CustomersSearch['tab']>;
const TABS: Tab[] = ['overview', 'visits', 'contacts', 'problems', 'records'];

/** Everything about one customer: who it is, what is going on now, what happened, what is open, what comes next. */
export function CustomerDrawer({ id, tab, onTab, onClose, onEdit }: {
  id: string;
  tab: Tab;
  onTab(tab: Tab): void;
  onClose(): void;
  onEdit(): void;
}) {
  const t = useT(customersText);
  const th = useT(hoursText);
  const format = useFormat();
  const common = useT(commonText);
  const client = useQueryClient();
  const canWrite = useCan('customer.write');
  const canPlan = useCan('task.write');
  const data = useQuery({
    queryKey: ['customer360', id],
    queryFn: () => api.get<Customer360>('/customers/{id}/360', { params: { id } }),
  });
  const navigate = useNavigate();
  const own = useCustomFields('customer');
  const hasObjects = useHasObjects();
  useShortcuts([
    ...(canWrite ? [{ keys: 'e', label: common('edit'), run: onEdit }] : []),
    ...(canPlan ? [{ keys: 'a', label: t('plan'), run: () => void navigate({ to: '/planning', search: { customers: id } }) }] : []),
  ]);

  if (!data.data) {
    return (
      <EntityDrawer title={t('title')} onClose={onClose}>
        {data.error ? <div className="drawer-pad"><ProblemView error={data.error} onRetry={() => data.refetch()} /></div> : <SkeletonRows />}
      </EntityDrawer>
    );
  }
  const { customer, visits, photos, problems, contacts, stats } = data.data;
  const open = problems.filter((one) => !one.closed_at);
  const refresh = () =>
    Promise.all([client.invalidateQueries({ queryKey: ['customer360', id] }), client.invalidateQueries({ queryKey: ['customers'] })]);

  const setStatus = async (status: Customer['status']) => {
    const next = await api.patch<Customer>('/customers/{id}', { status }, { params: { id }, version: customer.version });
    await refresh();
    toastChange(t(status === 'archived' ? 'archived' : 'restored', { name: customer.name }), {
      method: 'patch', path: '/customers/{id}', params: { id }, body: { status: customer.status }, version: next.version, lists: ['customers', 'customer360'],
    });
  };

  return (
    <EntityDrawer
      label={customer.name}
      title={<span className="row" style={{ alignItems: 'baseline' }}><span style={{ translate: '0 -2px' }}><GradeTag grade={customer.grade} /></span><span>{customer.name}</span></span>}
      subtitle={<CustomerFacts customer={customer} visiting={visits.find((one) => one.status === 'open') ?? null} />}
      link={`/customers/${id}`}
      onClose={onClose}
      menu={
        canWrite
          ? [
              { key: 'edit', icon: 'edit', label: common('edit'), run: onEdit },
              customer.status === 'archived'
                ? { key: 'restore', icon: 'undo', label: t('restore'), run: () => void setStatus('active') }
                : { key: 'archive', icon: 'box', label: t('archive'), run: () => void setStatus('archived'), divided: true },
            ]
          : []
      }
      foot={
        <>
          {canPlan ? (
            <>
              <Link className="btn pri" to="/planning" search={{ customers: id }}><Icon name="plan" />{t('plan')}</Link>
              <Link className="btn" to="/tasks" search={{ customer: id, create: '1' }}><Icon name="task" />{t('task')}</Link>
            </>
          ) : null}
          {canWrite ? <button type="button" className="btn" onClick={onEdit}><Icon name="edit" size={15} />{common('edit')}</button> : null}
          <span className="end note">{t('revision', { version: customer.version })}</span>
        </>
      }
    >
      <Stats stats={stats} lastVisit={customer.last_visit_day} open={open.length} onTab={onTab} />
      <div className="tabs" role="tablist" aria-label={customer.name}>
        {TABS.filter((one) => one !== 'records' || hasObjects).map((one) => (
          <button key={one} type="button" role="tab" id={`tab-${one}`} aria-selected={one === tab} aria-controls="customer-tab" className={one === tab ? 'on' : ''} onClick={() => onTab(one)}>
            {t(`tab.${one}`)}
            {one === 'contacts' ? ` ${contacts.length}` : one === 'problems' && open.length ? ` ${open.length}` : ''}
          </button>
        ))}
      </div>
      <div role="tabpanel" id="customer-tab" aria-labelledby={`tab-${tab}`} tabIndex={-1}>
        {tab === 'overview' ? (
          <div className="overview">
            <div className="overview-main"><CustomerTimeline visits={visits} photos={photos} problems={problems} customerId={id} /></div>
            <div className="overview-side">
              <section><Rhythm customerId={id} /></section>
              <section>
                <h3>{t('contacts')}</h3>
                <ContactList customerId={id} contacts={contacts} canWrite={canWrite} onChanged={refresh} brief />
              </section>
              {open.length ? (
                <section>
                  <h3 className="row g4"><Icon name="warn" size={13} className="fg-late" />{t('problems')} {open.length}</h3>
                  {open.slice(0, 3).map((one) => <p key={one.id} className="s12">{one.text}</p>)}
                </section>
              ) : null}
              {canPlan ? <CodesSection customerId={id} /> : null}
              <ObjectLinks to={id} />
              {isAlways(customer.hours) ? null : (
                <section>
                  <h3>{th('title')}</h3>
                  {hoursWords(th, format, customer.hours).map((line) => <p key={line} className="s12">{line}</p>)}
                </section>
              )}
              {customer.whom.preferred || customer.whom.barred.length ? (
                <section>
                  <h3>{t('whom.title')}</h3>
                  {customer.whom.preferred ? <p className="s12">{t('whom.preferredIs', { name: customer.whom.preferred.name })}</p> : null}
                  {customer.whom.barred.length ? <p className="s12">{t('whom.barredAre', { names: format.names(customer.whom.barred.map((one) => one.name)) })}</p> : null}
                </section>
              ) : null}
              <CustomFacts spec={own} answers={customer.custom} />
              <OwnerHistory customerId={id} />
              {customer.note ? <section><h3>{t('note')}</h3><p className="s12">{customer.note}</p></section> : null}
            </div>
          </div>
        ) : null}
        {tab === 'records' ? <div className="drawer-pad"><ObjectLinks to={id} all /></div> : null}
        {tab === 'visits' ? <CustomerVisits customerId={id} /> : null}
        {tab === 'contacts' ? <div className="drawer-pad"><ContactList customerId={id} contacts={contacts} canWrite={canWrite} onChanged={refresh} /></div> : null}
        {tab === 'problems' ? <div className="drawer-pad"><ProblemList customerId={id} problems={problems} canWrite={canWrite} onChanged={refresh} /></div> : null}
      </div>
    </EntityDrawer>
  );
}

function CustomerFacts({ customer, visiting }: { customer: Customer; visiting: Customer360['visits'][number] | null }) {
  const t = useT(customersText);
  const common = useT(commonText);
  const format = useFormat();
  const th = useT(hoursText);
  const now = useNow(30_000);
  const openNow = openNowText(th, format, customer.hours, format.today(), minuteOf(format.time(now)));
  const facts = format.dots([customer.address, customer.class.name, customer.at ? t('fence', { radius: format.number(customer.radius_m) }) : null, customer.owner?.name]);
  return (
    <>
      <div>{facts}</div>
      <div className="row g6" style={{ marginTop: 6, flexWrap: 'wrap' }}>
        {visiting ? (
          <Link to="/visits/$id" params={{ id: visiting.id }}>
            <Badge tone="visit" icon="store">
              {t('inShop', { name: visiting.employee.name, minutes: format.minutes((serverNow() - Date.parse(visiting.check_in_at)) / 1000) })}
            </Badge>
          </Link>
        ) : null}
        {customer.status !== 'active' ? <Badge tone="silent">{common(`customer.${customer.status}`)}</Badge> : null}
        {openNow ? <Badge tone={openNow.open ? 'idle' : 'late'} icon="clock">{openNow.text}</Badge> : null}
        {customer.at ? null : <Badge tone="late" icon="warn">{t('noPlace')}</Badge>}
        {customer.tags.map((one) => <span key={one} className="tag">{one}</span>)}
      </div>
    </>
  );
}

/** Minutes after midnight of `09:30`. */
const minuteOf = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));

function Stats({ stats, lastVisit, open, onTab }: { stats: Customer360['stats']; lastVisit: string | null; open: number; onTab(tab: Tab): void }) {
  const t = useT(customersText);
  const format = useFormat();
  return (
    <div className="stat-row">
      <button type="button" onClick={() => onTab('visits')}>
        <span>{t('stat.effective')}</span>
        <Figure size={18} value={format.number(stats.effective_30d)} unit={t('stat.of', { count: stats.visits_30d })} />
      </button>
      <button type="button" onClick={() => onTab('visits')}>
        <span>{t('stat.stay')}</span>
        <Figure size={18} value={format.minutes(stats.avg_stay_s)} unit={t('stat.stayUnit')} />
      </button>
      <button type="button" onClick={() => onTab('visits')}>
        <span>{t('stat.last')}</span>
        <Figure size={18} value={lastVisit ? format.dayAge(lastVisit) : t('never')} />
      </button>
      <button type="button" onClick={() => onTab('problems')}>
        <span>{t('stat.open')}</span>
        <span className={open ? 'fg-late' : undefined}><Figure size={18} value={format.number(open)} unit={t('stat.openUnit')} /></span>
      </button>
    </div>
  );
}
