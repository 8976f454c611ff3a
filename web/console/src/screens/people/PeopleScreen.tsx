import { useNavigate, useSearch } from '@tanstack/react-router';
import type { Employee } from '@tashi/shared/api';
import { useT } from '@tashi/shared/i18n';
import { Avatar, Icon } from '@tashi/shared/ui';
import { lazy, Suspense, useMemo } from 'react';
import { useCan } from '../../app/session';
import { DataPage } from '../../kit/DataPage';
import type { Column } from '../../kit/DataTable';
import { FilterMore, FilterSelect, SearchField } from '../../kit/FilterBar';
import { useCalendars, useOptions, usePolicies, useRoles } from '../../kit/refs';
import { SavedViews } from '../../kit/SavedViews';
import { SkillChips } from '../../kit/Skills';
import { useList } from '../../kit/useList';
import { useSearchPatch } from '../../kit/useSearchPatch';
import { customActive, CustomFilters, useCustomColumns } from '../custom/list';
import { useCustomFields } from '../custom/useCustomFields';
import { conditionsOf } from '../objects/conditions';
import { DepartmentTree } from './DepartmentTree';
import { EmployeeBatch } from './EmployeeBatch';
import { EmployeeDrawer } from './EmployeeDrawer';
import { RolesPanel } from './RolesPanel';
import type { PeopleSearch } from './search';
import { peopleText } from './text';
import './people.css';

const ImportDrawer = lazy(() => import('../imports/ImportDrawer').then((m) => ({ default: m.ImportDrawer })));

const key = (row: Employee) => row.id;
const name = (row: Employee) => row.name;

/** Departments on the left, the people of the chosen one in the list, one person in the drawer. */
export function PeopleScreen() {
  const t = useT(peopleText);
  const search = useSearch({ from: '/shell/people' });
  const patch = useSearchPatch<PeopleSearch>();
  const tab = search.tab ?? 'employees';
  return (
    <div className="people">
      <nav className="sub-tabs" aria-label={t('title')}>
        {(['employees', 'roles'] as const).map((one) => (
          <button
            key={one}
            type="button"
            className={one === tab ? 'on' : ''}
            aria-current={one === tab ? 'page' : undefined}
            onClick={() => patch({ tab: one === 'employees' ? undefined : one, person: undefined })}
          >
            {t(`tab.${one}`)}
          </button>
        ))}
      </nav>
      {tab === 'roles' ? <RolesPanel /> : <Employees search={search} />}
    </div>
  );
}

function Employees({ search }: { search: PeopleSearch }) {
  const t = useT(peopleText);
  const canWrite = useCan('org.write');
  const patch = useSearchPatch<PeopleSearch>();
  const navigate = useNavigate();
  const roles = useRoles();
  const calendars = useCalendars();
  const policies = usePolicies();
  const roleOptions = useOptions(roles.data);
  const status = search.status ?? 'active';
  const own = useCustomFields('employee');
  const theirs = useCustomColumns<Employee>(own);
  const list = useList<Employee>(['employees', 'list'], '/employees', {
    q: search.q,
    department_id: search.department,
    role_id: search.role,
    status: status === 'all' ? undefined : status,
    custom: conditionsOf(search, own.fields),
  });

  const columns = useMemo<Column<Employee>[]>(() => {
    const calendarName = (id: string | null) => calendars.data?.find((one) => one.id === id)?.name ?? t('inherit');
    const policyName = (id: string | null) => policies.data?.find((one) => one.id === id)?.name ?? t('inherit');
    return [
      {
        key: 'name', title: t('name'), fixed: true, width: 210,
        render: (row) => (
          <span className="row">
            <Avatar name={row.name} size="sm" />
            <span className="cell2">
              <b>{row.name}</b>
              <span className="sub">{row.login ?? t('noLogin')}</span>
            </span>
          </span>
        ),
      },
      { key: 'department', title: t('department'), render: (row) => row.department.name },
      { key: 'post', title: t('post'), render: (row) => row.post ?? <span className="m3">—</span> },
      { key: 'role', title: t('role'), render: (row) => row.role.name },
      { key: 'skills', title: t('skills'), render: (row) => (row.skills.length ? <SkillChips skills={row.skills} /> : <span className="m3">—</span>) },
      { key: 'phone', title: t('phone'), width: 128, render: (row) => row.phone ?? <span className="m3">—</span> },
      { key: 'calendar', title: t('calendar'), render: (row) => calendarName(row.calendar_id) },
      { key: 'policy', title: t('policy'), render: (row) => policyName(row.policy_id) },
      {
        key: 'status', title: t('status'), width: 88, optional: true,
        render: (row) => (row.status === 'active' ? t('active') : <span className="m3">{t('left')}</span>),
      },
      ...theirs,
    ];
  }, [t, calendars.data, policies.data, theirs]);

  const filters = useMemo(() => {
    const { person: _person, import: _import, tab: _tab, ...rest } = search;
    return rest as Record<string, string>;
  }, [search]);
  const filtered = Object.keys(filters).length > 0;
  return (
    <div className="people-body">
      <DepartmentTree chosen={search.department} onChoose={(department) => patch({ department })} canWrite={canWrite} />
      <DataPage
        id="people"
        label={t('title')}
        list={list}
        rowKey={key}
        rowName={name}
        columns={columns}
        selectedId={search.person}
        onOpen={(row) => patch({ person: row.id })}
        onEdit={canWrite ? (row) => patch({ person: row.id }) : undefined}
        batch={canWrite ? (rows, clear) => <EmployeeBatch rows={rows} onDone={clear} /> : undefined}
        filtered={filtered}
        onClearFilters={() => void navigate({ to: '/people' })}
        views={
          <SavedViews
            id="people"
            builtIn={[{ key: 'left', name: t('left'), search: { status: 'left' } }]}
            current={filters}
            onChoose={(next) => void navigate({ to: '/people', search: next as PeopleSearch })}
          />
        }
        bar={
          <>
            <SearchField value={search.q} onChange={(q) => patch({ q }, { replace: true })} placeholder={t('search')} />
            <FilterSelect label={t('role')} value={search.role} options={roleOptions} onChange={(role) => patch({ role })} />
            <FilterSelect
              label={t('status')}
              value={status}
              options={[
                { value: 'active', label: t('active') },
                { value: 'left', label: t('left') },
                { value: 'all', label: t('all') },
              ]}
              onChange={(next) => patch({ status: next === 'active' ? undefined : (next as PeopleSearch['status']) })}
            />
            {own.fields.length ? <FilterMore active={customActive(own, search)}><CustomFilters spec={own} search={search} patch={patch} /></FilterMore> : null}
            <span className="sp" />
            {canWrite ? (
              <>
                <button type="button" className="btn" onClick={() => patch({ import: 'start' })}>
                  <Icon name="upload" size={15} />{t('import')}
                </button>
                <button type="button" className="btn pri" onClick={() => patch({ person: 'new' })}>
                  <Icon name="plus" />{t('new')}
                </button>
              </>
            ) : null}
          </>
        }
        empty={
          <>
            <b>{t('empty')}</b>
            <p>{t('emptyDetail')}</p>
            {canWrite ? (
              <button type="button" className="btn pri" onClick={() => patch({ import: 'start' })}>{t('import')}</button>
            ) : null}
          </>
        }
      >
        {search.person ? (
          <EmployeeDrawer
            key={search.person}
            id={search.person}
            department={search.department}
            onClose={() => patch({ person: undefined })}
            onOpen={(person) => patch({ person }, { replace: true })}
          />
        ) : null}
        {search.import ? (
          <Suspense>
            <ImportDrawer
              kind="employees"
              id={search.import === 'start' ? undefined : search.import}
              onId={(id) => patch({ import: id }, { replace: true })}
              onClose={() => patch({ import: undefined })}
            />
          </Suspense>
        ) : null}
      </DataPage>
    </div>
  );
}
