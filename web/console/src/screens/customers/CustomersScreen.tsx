import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import type { Customer, Query } from '@tashi/shared/api';
import { useGrades } from '@tashi/shared/grades.ts';
import { commonText, useFormat, useT } from '@tashi/shared/i18n';
import { GradeTag, Icon, StateText, type IconName } from '@tashi/shared/ui';
import { lazy, Suspense, useCallback, useMemo } from 'react';
import { useCan, useMe } from '../../app/session';
import { DataPage } from '../../kit/DataPage';
import type { Column } from '../../kit/DataTable';
import { Download } from '../../kit/Download';
import { FilterMore, FilterSelect, SearchField } from '../../kit/FilterBar';
import { useActiveEmployees, useCustomerClasses, useDepartmentOptions, useOptions } from '../../kit/refs';
import { SavedViews } from '../../kit/SavedViews';
import type { View } from '../../kit/useViews';
import { useShortcuts } from '../../kit/shortcuts';
import { useList } from '../../kit/useList';
import { useSearchPatch } from '../../kit/useSearchPatch';
import { useTerritories } from '../territories/useTerritories';
import { customActive, CustomFilters, useCustomColumns } from '../custom/list';
import { useCustomFields } from '../custom/useCustomFields';
import { CustomerBatch } from './CustomerBatch';
import { CustomerDrawer } from './CustomerDrawer';
import { customerQuery, viewOf } from './filters';
import { LastVisit } from './LastVisit';
import { CUSTOMER_LAYOUTS, type CustomersSearch } from './search';
import { customersText } from './text';
import './customers.css';

const CustomersMap = lazy(() => import('./CustomersMap'));
const CustomerForm = lazy(() => import('./CustomerForm').then((m) => ({ default: m.CustomerForm })));
const ImportDrawer = lazy(() => import('../imports/ImportDrawer').then((m) => ({ default: m.ImportDrawer })));

const LAYOUT_ICON: Record<(typeof CUSTOMER_LAYOUTS)[number], IconName> = { list: 'list', both: 'columns', map: 'layers' };
const key = (row: Customer) => row.id;
const name = (row: Customer) => row.name;

/** Customers as list and map with one selection; the chosen one in the drawer at the right. */
export function CustomersScreen() {
  const t = useT(customersText);
  const search = useSearch({ from: '/shell/customers' });
  const { id } = useParams({ strict: false });
  const patch = useSearchPatch<CustomersSearch>();
  const navigate = useNavigate({ from: '/customers' });
  const canWrite = useCan('customer.write');
  const canPlan = useCan('task.write');
  const layout = search.layout ?? 'both';
  const own = useCustomFields('customer');
  const query = useMemo(() => customerQuery(search, own.fields), [search, own]);
  const list = useList<Customer>(['customers', 'list'], '/customers', { ...query, sort: search.sort });

  const open = useCallback(
    (customerId: string) => void navigate({ to: '/customers/$id', params: { id: customerId }, search: (old) => ({ ...old, edit: undefined, import: undefined }) }),
    [navigate],
  );
  const close = () => void navigate({ to: '/customers', search: (old) => ({ ...old, tab: undefined, edit: undefined, import: undefined }) });
  const ours = useColumns();
  const theirs = useCustomColumns<Customer>(own);
  const columns = useMemo(() => [...ours, ...theirs], [ours, theirs]);
  const filters = useMemo(() => viewOf(search), [search]);
  useShortcuts(useMemo(() => [{ keys: 'm', label: t('layout'), run: () => patch({ layout: layout === 'both' ? 'list' : undefined }) }], [t, layout, patch]));

  return (
    <DataPage
      id="customers"
      label={t('title')}
      list={list}
      rowKey={key}
      rowName={name}
      columns={columns}
      selectedId={id ?? null}
      onOpen={(row) => open(row.id)}
      onEdit={canWrite ? (row) => void navigate({ to: '/customers/$id', params: { id: row.id }, search: (old) => ({ ...old, edit: row.id }) }) : undefined}
      sort={search.sort}
      onSort={(sort) => patch({ sort: sort as CustomersSearch['sort'] })}
      batch={canWrite || canPlan ? (rows, clear) => <CustomerBatch rows={rows} onDone={clear} /> : undefined}
      filtered={Object.keys(filters).length > 0}
      onClearFilters={() => void navigate({ to: '/customers', search: { layout: search.layout } })}
      listHidden={layout === 'map'}
      bar={<CustomersBar search={search} query={query} patch={patch} canWrite={canWrite} />}
      views={<Views search={search} current={filters} />}
      side={
        layout === 'list' ? undefined : (
          <Suspense fallback={<div className="map" />}>
            <CustomersMap query={query} selected={id ?? null} covered={!!id || !!search.edit} onOpen={open} />
          </Suspense>
        )
      }
      empty={
        <>
          <b>{t('empty')}</b>
          <p>{t('emptyDetail')}</p>
          {canWrite ? (
            <span className="row">
              <button type="button" className="btn pri" onClick={() => patch({ import: 'start' })}>{t('import')}</button>
              <button type="button" className="btn" onClick={() => patch({ edit: 'new' })}>{t('new')}</button>
            </span>
          ) : null}
        </>
      }
    >
      {search.import ? (
        <Suspense>
          <ImportDrawer kind="customers" id={search.import === 'start' ? undefined : search.import} onId={(next) => patch({ import: next }, { replace: true })} onClose={() => patch({ import: undefined })} />
        </Suspense>
      ) : search.edit ? (
        <Suspense>
          <CustomerForm
            key={search.edit}
            id={search.edit}
            onClose={() => patch({ edit: undefined })}
            onSaved={(saved) => void navigate({ to: '/customers/$id', params: { id: saved }, search: (old) => ({ ...old, edit: undefined }), replace: true })}
          />
        </Suspense>
      ) : id ? (
        <CustomerDrawer key={id} id={id} tab={search.tab ?? 'overview'} onTab={(tab) => patch({ tab: tab === 'overview' ? undefined : tab }, { replace: true })} onClose={close} onEdit={() => patch({ edit: id })} />
      ) : null}
    </DataPage>
  );
}

function CustomersBar({ search, query, patch, canWrite }: {
  search: CustomersSearch;
  query: Query;
  patch(change: Partial<CustomersSearch>, options?: { replace?: boolean }): void;
  canWrite: boolean;
}) {
  const t = useT(customersText);
  const common = useT(commonText);
  const grades = useGrades();
  const format = useFormat();
  const owners = useOptions(useActiveEmployees().data);
  const classes = useOptions(useCustomerClasses().data);
  const departments = useDepartmentOptions();
  const territories = useOptions(useTerritories().data?.items);
  const layout = search.layout ?? 'both';
  const own = useCustomFields('customer');
  return (
    <>
      <SearchField value={search.q} onChange={(q) => patch({ q }, { replace: true })} placeholder={t('search')} width={200} />
      {owners.length ? <FilterSelect label={t('owner')} value={search.owner} options={owners} onChange={(owner) => patch({ owner })} /> : null}
      <FilterSelect
        label={t('grade')}
        multiple
        value={search.grade}
        options={grades.map((grade) => ({ value: grade, label: grade }))}
        onChange={(grade) => patch({ grade })}
        width={116}
      />
      <FilterSelect label={t('class')} value={search.class} options={classes} onChange={(next) => patch({ class: next })} width={116} />
      <FilterMore active={[search.department, search.territory, search.status, search.tag].filter(Boolean).length + customActive(own, search)}>
        {departments.length > 1 ? <FilterSelect label={t('department')} value={search.department} options={departments} onChange={(department) => patch({ department })} width={240} /> : null}
        {territories.length ? <FilterSelect label={t('territory')} value={search.territory} options={territories} onChange={(territory) => patch({ territory })} width={240} /> : null}
        <FilterSelect
          label={t('status')}
          value={search.status}
          options={(['active', 'prospect', 'archived'] as const).map((one) => ({ value: one, label: common(`customer.${one}`) }))}
          onChange={(status) => patch({ status: status as CustomersSearch['status'] })}
          width={240}
        />
        <SearchField value={search.tag} onChange={(tag) => patch({ tag }, { replace: true })} placeholder={t('tag')} width={240} plain />
        <CustomFilters spec={own} search={search} patch={patch} />
      </FilterMore>
      <span className="sp" />
      <span className="seg" role="group" aria-label={t('layout')}>
        {CUSTOMER_LAYOUTS.map((one) => (
          <button key={one} type="button" className={one === layout ? 'on' : ''} aria-pressed={one === layout} aria-label={t(`layout.${one}`)} title={t(`layout.${one}`)} onClick={() => patch({ layout: one === 'both' ? undefined : one })}>
            <Icon name={LAYOUT_ICON[one]} size={14} />
            <span className="seg-word">{t(`layout.${one}`)}</span>
          </button>
        ))}
      </span>
      <Download path="/customers.xlsx" query={query} fallback="tashi-customers.xlsx" label={t('export')} title={format.dots([t('export'), t('title')])} />
      {canWrite ? (
        <>
          <button type="button" className="btn" onClick={() => patch({ import: 'start' })}>{t('import')}</button>
          <button type="button" className="btn pri" onClick={() => patch({ edit: 'new' })}><Icon name="plus" />{t('new')}</button>
        </>
      ) : null}
    </>
  );
}

function Views({ search, current }: { search: CustomersSearch; current: Record<string, string> }) {
  const t = useT(customersText);
  const common = useT(commonText);
  const best = useGrades()[0] ?? 'A';
  const me = useMe();
  const navigate = useNavigate();
  const views = useMemo(
    (): View[] => [
      { key: 'mine', name: t('view.mine'), search: { owner: me.employee.id } },
      { key: 'a', name: common('grade', { grade: best }), search: { grade: best } },
      { key: 'long', name: t('view.longAgo'), search: { status: 'active', sort: 'last_visit' } },
      { key: 'prospect', name: t('view.prospect'), search: { status: 'prospect' } },
      { key: 'archived', name: t('view.archived'), search: { status: 'archived' } },
    ],
    [t, common, best, me.employee.id],
  );
  return (
    <SavedViews
      id="customers"
      builtIn={views}
      current={current}
      onChoose={(next) => void navigate({ to: '/customers', search: { layout: search.layout, ...(next as CustomersSearch) } })}
    />
  );
}

function useColumns(): Column<Customer>[] {
  const t = useT(customersText);
  const common = useT(commonText);
  const format = useFormat();
  return useMemo(
    () => [
      {
        key: 'name', title: t('name'), fixed: true, sort: 'name', width: '38%',
        render: (row) => (
          <span className="row g6">
            <GradeTag grade={row.grade} />
            <span className="cell2" title={row.name}>
              <b>{row.name}</b>
              <span className="sub">{row.address ?? row.department.name}</span>
            </span>
          </span>
        ),
      },
      { key: 'owner', title: t('owner'), width: 84, render: (row) => row.owner?.name ?? <span className="m3">{t('noOwner')}</span> },
      { key: 'last', title: t('lastVisit'), sort: 'last_visit', width: 116, render: (row) => <LastVisit day={row.last_visit_day} /> },
      { key: 'class', title: t('class'), width: 84, render: (row) => <span className="m2">{row.class.name}</span> },
      {
        key: 'contact', title: t('contact'), optional: true, width: 130,
        render: (row) => (row.contact ? <span className="cell2"><span>{row.contact.name}</span><span className="sub">{row.contact.phone_masked ?? ''}</span></span> : <span className="m3">—</span>),
      },
      { key: 'department', title: t('department'), optional: true, width: 90, render: (row) => row.department.name },
      { key: 'territory', title: t('territory'), optional: true, width: 90, render: (row) => row.territory?.name ?? <span className="m3">—</span> },
      { key: 'status', title: t('status'), optional: true, width: 84, render: (row) => common(`customer.${row.status}`) },
      { key: 'code', title: t('code'), optional: true, width: 90, render: (row) => row.code ?? <span className="m3">—</span> },
      { key: 'tags', title: t('tags'), optional: true, width: 140, render: (row) => row.tags.map((one) => <span key={one} className="tag" style={{ marginRight: 4 }}>{one}</span>) },
      {
        key: 'radius', title: t('radius'), optional: true, width: 84, align: 'right',
        render: (row) => (row.at ? `${format.number(row.radius_m)} m` : <StateText tone="late" icon="warn">{t('noPlace')}</StateText>),
      },
    ],
    [t, common, format],
  );
}
