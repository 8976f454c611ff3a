import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { api, toProblem, type Id, type InspectionPlan, type InspectionPointResult, type InspectionPointState, type InspectionRound } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { Icon, SkeletonRows, StateText, type IconName, type Tone } from '@tashi/shared/ui';
import { Input } from 'antd';
import { useMemo } from 'react';
import { useCan } from '../../app/session';
import { DataPage } from '../../kit/DataPage';
import type { Column } from '../../kit/DataTable';
import { EntityDrawer } from '../../kit/EntityDrawer';
import { ProblemView } from '../../kit/ProblemView';
import { useList } from '../../kit/useList';
import { useSearchPatch } from '../../kit/useSearchPatch';
import { InspectionPlanDrawer } from './InspectionPlanDrawer';
import { inspectionsText } from './inspectionsText';
import { OrderSections } from './OrderSections';
import type { InspectionsSearch } from './search';
import './orders.css';

const key = (row: { id: Id; name: string }) => row.id;
const name = (row: { id: Id; name: string }) => row.name;
const LOOK: Record<InspectionPointState, { tone: Tone; icon: IconName }> = {
  open: { tone: 'idle', icon: 'clock' }, overdue: { tone: 'late', icon: 'clock' }, in_time: { tone: 'visit', icon: 'okCircle' },
  early: { tone: 'moving', icon: 'okCircle' }, late: { tone: 'late', icon: 'okCircle' }, missed: { tone: 'problem', icon: 'xCircle' },
};

/** Rounds with their points, and the plans they are made by. */
export function InspectionsScreen() {
  const search = useSearch({ from: '/shell/orders/inspections' });
  return search.tab === 'plans' ? <Plans /> : <Rounds />;
}

function Tabs() {
  const t = useT(inspectionsText);
  const search = useSearch({ from: '/shell/orders/inspections' });
  const patch = useSearchPatch<InspectionsSearch>();
  return (
    <span className="seg" role="radiogroup" aria-label={t('title')}>
      {([undefined, 'plans'] as const).map((tab) => <button key={tab ?? 'rounds'} type="button" role="radio" aria-checked={search.tab === tab} className={search.tab === tab ? 'on' : ''} onClick={() => patch({ tab, plan: undefined, round: undefined })}>{t(tab ?? 'rounds')}</button>)}
    </span>
  );
}

function Rounds() {
  const t = useT(inspectionsText);
  const format = useFormat();
  const search = useSearch({ from: '/shell/orders/inspections' });
  const patch = useSearchPatch<InspectionsSearch>();
  const navigate = useNavigate();
  const day = search.day ?? format.today();
  const list = useList<InspectionRound>(['inspections', 'rounds'], '/inspection-rounds', { day_from: day, day_to: day }, { count: false });
  const columns = useMemo<Column<InspectionRound>[]>(() => {
    const count = (n: number, tone: string) => (n ? <b className={tone}>{format.number(n)}</b> : <span className="m3">0</span>);
    return [
      { key: 'name', title: t('name'), fixed: true, width: 240, render: (row) => <b>{row.name}</b> },
      { key: 'person', title: t('person'), width: 130, render: (row) => row.employee.name },
      { key: 'day', title: t('day'), width: 130, render: (row) => format.day(row.day) },
      { key: 'progress', title: t('progress'), width: 100, align: 'right', render: (row) => <span className="tabular">{`${row.done} / ${row.planned}`}</span> },
      { key: 'missed', title: t('missed'), width: 90, align: 'right', render: (row) => count(row.missed, 'fg-problem') },
      { key: 'late', title: t('late'), width: 90, align: 'right', render: (row) => count(row.late, 'fg-late') },
      { key: 'off', title: t('orderOff'), width: 110, align: 'right', render: (row) => count(row.out_of_order, 'fg-late') },
      { key: 'failed', title: t('failed'), width: 100, align: 'right', render: (row) => count(row.failed, 'fg-problem') },
    ];
  }, [t, format]);
  return (
    <DataPage
      id="inspections" label={t('rounds')} list={list} rowKey={key} rowName={name} columns={columns} selectedId={search.round}
      onOpen={(row) => patch({ round: row.id })} filtered={false} onClearFilters={() => void navigate({ to: '/orders/inspections' })}
      bar={<><OrderSections /><Tabs /><Input type="date" aria-label={t('day')} style={{ width: 150 }} value={day} onChange={(event) => patch({ day: event.target.value || undefined })} /></>}
      empty={<><b>{t('empty')}</b><p>{t('emptyDetail')}</p></>}
    >
      {search.round ? <RoundDrawer key={search.round} id={search.round} onClose={() => patch({ round: undefined })} /> : null}
    </DataPage>
  );
}

function RoundDrawer({ id, onClose }: { id: Id; onClose(): void }) {
  const t = useT(inspectionsText);
  const format = useFormat();
  const query = useQuery({ queryKey: ['inspections', 'one', id], queryFn: () => api.get<InspectionRound>('/inspection-rounds/{id}', { params: { id } }), refetchInterval: 30_000 });
  const round = query.data;
  if (!round) {
    return (
      <EntityDrawer title={t('roundTitle')} onClose={onClose}>
        {query.error ? <div className="drawer-pad">{toProblem(query.error).status === 404 ? <b>{t('notFound')}</b> : <ProblemView error={query.error} onRetry={query.refetch} />}</div> : <SkeletonRows rows={6} />}
      </EntityDrawer>
    );
  }
  const { planned, done, missed, late, failed } = round;
  return (
    <EntityDrawer
      title={round.name} subtitle={format.dots([round.employee.name, format.day(round.day)])} link={`/orders/inspections?round=${round.id}`} onClose={onClose}
      foot={round.code ? <><span className="s12 m2 tabular">{t('reportCode', { code: round.code })}</span><span className="sp" /><a className="btn pri" href={`/api/v1/inspection-rounds/${round.id}/report.pdf`} target="_blank" rel="noreferrer"><Icon name="report" size={15} />{t('report')}</a></> : <span className="s12 m3">{t('reportLater')}</span>}
    >
      <div className="drawer-pad order-card">
        <p className="m2">{t('figures', { planned, done, missed, late, failed })}</p>
        <ol className="order-line round-points" aria-label={t('points')}>{round.points.map((point, k) => <PointLine key={point.seq} point={point} first={point.visit_id !== round.points[k - 1]?.visit_id} />)}</ol>
      </div>
    </EntityDrawer>
  );
}

function PointLine({ point, first }: { point: InspectionPointResult; first: boolean }) {
  const t = useT(inspectionsText);
  const format = useFormat();
  const look = LOOK[point.state];
  const minutes = Math.abs(point.off_minutes);
  return (
    <li>
      <span className="tabular m3">{point.seq}</span>
      <span>
        <b>{point.title}</b> <StateText tone={look.tone} icon={look.icon}>{point.state === 'late' ? t('lateBy', { minutes }) : point.state === 'early' ? t('earlyBy', { minutes }) : point.cannot ? t('cannot') : t(`state.${point.state}`)}</StateText>
        {point.out_of_order ? <span className="tag fg-late">{t('orderOff')}</span> : null}
        <span className="s12 m2" style={{ display: 'block' }}>
          {format.dots([
            point.customer.name, point.by ? t('byOther', { name: point.by.name }) : null, point.moved_to ? t('movedTo', { day: format.day(point.moved_to) }) : null, point.due_from || point.due_to ? t('due', { from: point.due_from ? format.time(point.due_from) : '', to: point.due_to ? format.time(point.due_to) : '' }) : null,
            point.done_at ? t('doneAt', { time: format.time(point.done_at) }) : null, point.scanned === 'scan' ? t('scan') : point.scanned === 'typed' ? t('typed') : null,
          ])}
        </span>
        {point.reason ? <span className="s12 m2" style={{ display: 'block' }}>{t('reason', { reason: point.reason })}</span> : null}
        {point.failures.map((one, k) => (
          <span key={k} className="s12" style={{ display: 'block' }}>
            <span className="fg-problem">{format.dots([one.label, one.remark])}</span>{' '}
            {one.opened === 'work_order' && one.opened_id ? <Link to="/orders" search={{ order: one.opened_id }}>{t('openedOrder', { number: one.number ?? '' })}</Link> : one.opened_id ? <Link to="/tasks" search={{ task: one.opened_id } as never}>{t('openedTask')}</Link> : null}
          </span>
        ))}
        {point.visit_id && first ? <span className="s12" style={{ display: 'block' }}><Link to="/visits/$id" params={{ id: point.visit_id }}>{t('visit')}</Link></span> : null}
      </span>
    </li>
  );
}

function Plans() {
  const t = useT(inspectionsText);
  const format = useFormat();
  const search = useSearch({ from: '/shell/orders/inspections' });
  const patch = useSearchPatch<InspectionsSearch>();
  const navigate = useNavigate();
  const canWrite = useCan('order.write');
  const list = useList<InspectionPlan>(['inspections', 'plans'], '/inspection-plans', {}, { count: false });
  const columns = useMemo<Column<InspectionPlan>[]>(() => [
    { key: 'name', title: t('name'), fixed: true, width: 260, render: (row) => <b>{row.name}</b> },
    { key: 'points', title: t('points'), width: 110, align: 'right', render: (row) => row.points.length },
    { key: 'people', title: t('people'), width: 300, render: (row) => format.names(row.names.people) },
    { key: 'active', title: t('active'), width: 110, render: (row) => <span className={row.active ? 'm2' : 'fg-late'}>{t(row.active ? 'active' : 'inactive')}</span> },
  ], [t, format]);
  const open = search.plan === 'new' ? null : list.rows.find((one) => one.id === search.plan);
  return (
    <DataPage
      id="inspection-plans" label={t('plans')} list={list} rowKey={key} rowName={name} columns={columns} selectedId={search.plan}
      onOpen={(row) => patch({ plan: row.id })} filtered={false} onClearFilters={() => void navigate({ to: '/orders/inspections' })}
      bar={<><OrderSections /><Tabs /><span className="sp" />{canWrite ? <button type="button" className="btn pri" onClick={() => patch({ plan: 'new' })}><Icon name="plus" />{t('newPlan')}</button> : null}</>}
      empty={<><b>{t('plansEmpty')}</b><p>{t('plansEmptyDetail')}</p></>}
    >
      {search.plan && open !== undefined ? <InspectionPlanDrawer key={search.plan} plan={open} onClose={() => patch({ plan: undefined })} onSaved={(plan) => patch({ plan })} /> : null}
    </DataPage>
  );
}
