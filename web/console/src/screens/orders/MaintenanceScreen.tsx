import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { MaintenanceDue, MaintenancePlan } from '@tashi/shared/api';
import { useT } from '@tashi/shared/i18n';
import { Icon, SkeletonRows } from '@tashi/shared/ui';
import { useMemo } from 'react';
import { useCan } from '../../app/session';
import { DataPage } from '../../kit/DataPage';
import type { Column } from '../../kit/DataTable';
import { ProblemView } from '../../kit/ProblemView';
import { useList } from '../../kit/useList';
import { useSearchPatch } from '../../kit/useSearchPatch';
import { MaintenanceDrawer, PlanForm } from './MaintenanceDrawer';
import { DueText, useCycle } from './maintenanceWords';
import { maintenanceText } from './maintenanceText';
import { OrderSections } from './OrderSections';
import type { MaintenanceSearch } from './search';
import { ordersText } from './text';
import { useDues } from './useMaintenance';
import { useOrderNews } from './useOrders';
import './orders.css';

const key = (row: MaintenancePlan) => row.id;
const name = (row: MaintenancePlan) => row.name;

/** What comes round: the plans, and what is due. */
export function MaintenanceScreen() {
  const search = useSearch({ from: '/shell/orders/maintenance' });
  useOrderNews();
  return search.tab === 'due' ? <Dues /> : <Plans />;
}

function Tabs() {
  const t = useT(maintenanceText);
  const search = useSearch({ from: '/shell/orders/maintenance' });
  const patch = useSearchPatch<MaintenanceSearch>();
  return (
    <span className="seg" role="radiogroup" aria-label={t('title')}>
      {([undefined, 'due'] as const).map((tab) => <button key={tab ?? 'plans'} type="button" role="radio" aria-checked={search.tab === tab} className={search.tab === tab ? 'on' : ''} onClick={() => patch({ tab, plan: undefined, edit: undefined, overdue: undefined })}>{t(tab ?? 'plans')}</button>)}
    </span>
  );
}

function Plans() {
  const t = useT(maintenanceText);
  const cycle = useCycle();
  const search = useSearch({ from: '/shell/orders/maintenance' });
  const patch = useSearchPatch<MaintenanceSearch>();
  const navigate = useNavigate();
  const canWrite = useCan('order.write');
  const list = useList<MaintenancePlan>(['maintenance', 'list'], '/maintenance-plans', {}, { count: false });
  const columns = useMemo<Column<MaintenancePlan>[]>(() => [
    { key: 'name', title: t('name'), fixed: true, width: 230, render: (row) => <b>{row.name}</b> },
    { key: 'for', title: t('forWhat'), width: 220, render: (row) => row.equipment?.name ?? row.equipment_type?.name ?? <span>{t('model')} {row.model}</span> },
    { key: 'cycle', title: t('cycle'), width: 240, render: (row) => cycle(row) },
    { key: 'kind', title: t('kind'), width: 130, render: (row) => <span className="m2">{row.kind.name}</span> },
    { key: 'lead', title: t('lead'), width: 90, align: 'right', render: (row) => row.lead_days },
    { key: 'status', title: t('status'), width: 110, render: (row) => <span className={row.paused ? 'fg-late' : 'm2'}>{t(row.paused ? 'paused' : 'running')}</span> },
  ], [t, cycle]);
  return (
    <DataPage
      id="maintenance" label={t('plans')} list={list} rowKey={key} rowName={name} columns={columns} selectedId={search.plan}
      onOpen={(row) => patch({ plan: row.id, edit: undefined })} filtered={false} onClearFilters={() => void navigate({ to: '/orders/maintenance' })}
      bar={<><OrderSections /><Tabs /><span className="sp" />{canWrite ? <button type="button" className="btn pri" onClick={() => patch({ plan: 'new', edit: undefined })}><Icon name="plus" />{t('new')}</button> : null}</>}
      empty={<><b>{t('empty')}</b><p>{t('emptyDetail')}</p></>}
    >
      {search.plan === 'new' ? (canWrite ? <PlanForm plan={null} equipment={search.equipment} onClose={() => patch({ plan: undefined, equipment: undefined })} onSaved={(plan) => patch({ plan, equipment: undefined })} /> : null)
        : search.plan ? <MaintenanceDrawer key={search.plan} id={search.plan} editing={search.edit === '1' && canWrite} onEdit={(edit) => patch({ edit: edit ? '1' : undefined })} onClose={() => patch({ plan: undefined, edit: undefined })} /> : null}
    </DataPage>
  );
}

function Dues() {
  const t = useT(maintenanceText);
  const orders = useT(ordersText);
  const search = useSearch({ from: '/shell/orders/maintenance' });
  const patch = useSearchPatch<MaintenanceSearch>();
  const dues = useDues(search.overdue ? { overdue: true } : {});
  return (
    <div className="stock-page">
      <div className="bar"><OrderSections /><Tabs /><label className="row g6"><input type="checkbox" checked={search.overdue === '1'} onChange={(event) => patch({ overdue: event.target.checked ? '1' : undefined })} />{t('onlyOverdue')}</label></div>
      <main className="stock-body">
        {dues.error ? <ProblemView error={dues.error} onRetry={() => void dues.refetch()} /> : !dues.data ? <SkeletonRows rows={6} /> : dues.data.length === 0 ? <div className="empty"><Icon name="okCircle" size={28} /><b>{t('dueEmpty')}</b><p>{t('dueEmptyDetail')}</p></div> : (
          <div className="stock-card" style={{ overflowX: 'auto' }}>
            <table className="stock-table" aria-label={t('due')}>
              <thead><tr><th>{t('equipment')}</th><th>{orders('customer')}</th><th>{t('title')}</th><th>{t('next')}</th></tr></thead>
              <tbody>{dues.data.map((one) => <DueRow key={`${one.plan.id} ${one.equipment.id}`} one={one} />)}</tbody>
            </table>
          </div>
        )}
      </main>
    </div>
  );
}

function DueRow({ one }: { one: MaintenanceDue }) {
  return (
    <tr>
      <td><Link to="/orders/equipment" search={{ piece: one.equipment.id }}>{one.equipment.name}</Link> <span className="m3 tabular">{one.code}</span></td>
      <td>{one.customer.name}</td>
      <td><Link to="/orders/maintenance" search={{ plan: one.plan.id }}>{one.plan.name}</Link></td>
      <td><DueText due={one} /></td>
    </tr>
  );
}
