import { useNavigate, useSearch } from '@tanstack/react-router';
import type { OrderStatus, WorkOrder } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { Avatar, GradeTag, Icon, StateText } from '@tashi/shared/ui';
import { useMemo } from 'react';
import { useCan } from '../../app/session';
import { DataPage } from '../../kit/DataPage';
import type { Column } from '../../kit/DataTable';
import { FilterSelect, SearchField } from '../../kit/FilterBar';
import { useActiveEmployees, useOptions } from '../../kit/refs';
import { SavedViews } from '../../kit/SavedViews';
import { useList } from '../../kit/useList';
import { useSearchPatch } from '../../kit/useSearchPatch';
import { Intake } from './Intake';
import { OrderDrawer } from './OrderDrawer';
import { OrderSections } from './OrderSections';
import type { OrdersSearch } from './search';
import { ordersText } from './text';
import { TargetText } from './TargetText';
import { OPEN, ORDER_LOOK, useOrderNews, useOrderTypes } from './useOrders';
import './orders.css';

const STATUSES: OrderStatus[] = [...OPEN, 'closed', 'cancelled'];
const key = (row: WorkOrder) => row.id;
const name = (row: WorkOrder) => row.number;

/** Every order with its state and its target of this moment. */
export function OrdersScreen() {
  const t = useT(ordersText);
  const format = useFormat();
  const search = useSearch({ from: '/shell/orders' });
  const patch = useSearchPatch<OrdersSearch>();
  const navigate = useNavigate();
  const canWrite = useCan('order.write');
  useOrderNews();
  const list = useList<WorkOrder>(['orders', 'list'], '/orders', {
    status: search.status, q: search.q, type_id: search.kind, employee_id: search.person, customer_id: search.customer, equipment_id: search.equipment, late: search.late ? true : undefined,
  });
  const people = useOptions(useActiveEmployees().data);
  const types = useOrderTypes();
  const columns = useMemo<Column<WorkOrder>[]>(() => [
    {
      key: 'customer', title: t('customer'), fixed: true, width: 250,
      render: (row) => <span className="row"><GradeTag grade={row.customer.grade} /><span className="cell2"><b>{row.customer.name}</b></span></span>,
    },
    { key: 'number', title: t('number'), width: 142, render: (row) => <span className="tabular">{row.number}</span> },
    {
      key: 'fault', title: t('fault'), width: 250,
      render: (row) => <span className="row g6">{row.priority > 1 ? <span className={row.priority === 3 ? 'tag fg-problem' : 'tag fg-late'}>{t(row.priority === 3 ? 'priority.3' : 'priority.2')}</span> : null}<span className="clip">{format.dots([row.title, row.equipment?.name])}</span></span>,
    },
    { key: 'status', title: t('status'), width: 104, render: (row) => <StateText tone={ORDER_LOOK[row.status].tone} icon={ORDER_LOOK[row.status].icon}>{t(`status.${row.status}`)}</StateText> },
    { key: 'target', title: t('target'), width: 200, render: (row) => <TargetText order={row} /> },
    { key: 'person', title: t('person'), width: 116, render: (row) => (row.employee ? <span className="row g6"><Avatar name={row.employee.name} size="sm" />{row.employee.name}</span> : <span className="m3">{t('nobody')}</span>) },
    { key: 'kind', title: t('kind'), width: 100, render: (row) => <span className="m2">{row.kind.name}</span> },
    { key: 'created', title: t('created'), width: 116, render: (row) => <span className="m2 tabular">{format.dateTime(row.created_at)}</span> },
  ], [t, format]);
  const filters = useMemo(() => {
    const { order: _order, create: _create, from: _from, ...rest } = search;
    return rest as Record<string, string>;
  }, [search]);
  return (
    <DataPage
      id="orders" label={t('title')} list={list} rowKey={key} rowName={name} columns={columns} selectedId={search.order}
      onOpen={(row) => patch({ order: row.id, create: undefined, from: undefined })}
      filtered={Object.keys(filters).length > 0} onClearFilters={() => void navigate({ to: '/orders' })}
      views={
        <SavedViews
          id="orders" current={filters} onChoose={(next) => void navigate({ to: '/orders', search: next as OrdersSearch })}
          builtIn={[
            { key: 'open', name: t('view.open'), search: { status: OPEN.join(',') } }, { key: 'new', name: t('view.new'), search: { status: 'new' } },
            { key: 'late', name: t('view.late'), search: { late: '1' } }, { key: 'closed', name: t('view.closed'), search: { status: 'closed' } },
          ]}
        />
      }
      bar={
        <>
          <OrderSections />
          <SearchField value={search.q} onChange={(q) => patch({ q }, { replace: true })} placeholder={t('search')} width={210} />
          <FilterSelect label={t('status')} multiple value={search.status} options={STATUSES.map((value) => ({ value, label: t(`status.${value}`) }))} onChange={(status) => patch({ status })} />
          <FilterSelect label={t('kind')} value={search.kind} options={(types.data ?? []).map((one) => ({ value: one.id, label: one.name }))} onChange={(kind) => patch({ kind })} />
          <FilterSelect label={t('person')} value={search.person} options={people} onChange={(person) => patch({ person })} />
          <span className="sp" />
          {canWrite ? <button type="button" className="btn pri" onClick={() => patch({ create: '1', order: undefined })}><Icon name="plus" />{t('new')}</button> : null}
        </>
      }
      empty={<><b>{t('empty')}</b><p>{t('emptyDetail')}</p></>}
    >
      {search.create && canWrite ? (
        <Intake customer={search.customer} equipment={search.equipment} from={search.from} onClose={() => patch({ create: undefined, from: undefined })} onTaken={(order) => patch({ create: undefined, from: undefined, order })} />
      ) : search.order ? <OrderDrawer key={search.order} id={search.order} onClose={() => patch({ order: undefined })} /> : null}
    </DataPage>
  );
}
