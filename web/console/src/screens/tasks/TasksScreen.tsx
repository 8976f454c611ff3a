import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { Task, TaskStatus } from '@tashi/shared/api';
import { addDays, commonText, useFormat, useT } from '@tashi/shared/i18n';
import { planChangeText } from '@tashi/shared/plan/text.ts';
import { whyText } from '@tashi/shared/plan/words.ts';
import { Avatar, GradeTag, Icon, StateText, TASK_LOOK } from '@tashi/shared/ui';
import { useMemo } from 'react';
import { useCan } from '../../app/session';
import { DataPage } from '../../kit/DataPage';
import type { Column } from '../../kit/DataTable';
import { DayField } from '../../kit/DayField';
import { Download } from '../../kit/Download';
import { FilterMore, FilterSelect, SearchField } from '../../kit/FilterBar';
import { GroupChip } from '../../kit/GroupChip';
import { useActiveEmployees, useDepartmentOptions, useOptions } from '../../kit/refs';
import { SavedViews } from '../../kit/SavedViews';
import { SkillChips } from '../../kit/Skills';
import { useList } from '../../kit/useList';
import { useSearchPatch } from '../../kit/useSearchPatch';
import { customActive, CustomFilters, useCustomColumns } from '../custom/list';
import { useCustomFields } from '../custom/useCustomFields';
import { conditionsOf } from '../objects/conditions';
import { CreateTask } from './CreateTask';
import type { TasksSearch } from './search';
import { TaskBatch } from './TaskBatch';
import { TaskDrawer } from './TaskDrawer';
import { tasksText } from './text';
import './tasks.css';

const STATUSES: TaskStatus[] = ['new', 'accepted', 'on_the_way', 'on_site', 'done', 'overdue', 'skipped', 'cancelled'];
const key = (row: Task) => row.id;
const name = (row: Task) => row.customer.name;

/** Every task with its state of this moment; the stream keeps the list fresh. */
export function TasksScreen() {
  const t = useT(tasksText);
  const c = useT(planChangeText);
  const common = useT(commonText);
  const format = useFormat();
  const search = useSearch({ from: '/shell/tasks' });
  const patch = useSearchPatch<TasksSearch>();
  const navigate = useNavigate();
  const canWrite = useCan('task.write');
  const today = format.today();
  const from = search.from ?? today;
  const to = search.to ?? (search.from && search.from > today ? search.from : addDays(today, 6));
  const own = useCustomFields('task');
  const query = {
    day_from: from,
    day_to: to,
    employee_id: search.person,
    customer_id: search.customer,
    department_id: search.department,
    status: search.status,
    group: search.group,
    q: search.q,
    custom: conditionsOf(search, own.fields),
  };
  const list = useList<Task>(['tasks', 'list'], '/tasks', query);
  const theirs = useCustomColumns<Task>(own);
  const employees = useActiveEmployees();
  const people = useOptions(employees.data);
  const departments = useDepartmentOptions();

  const columns = useMemo<Column<Task>[]>(
    () => [
      {
        key: 'customer', title: t('customer'), fixed: true, width: 260,
        render: (row) => (
          <span className="row">
            <GradeTag grade={row.customer.grade} />
            <span className="cell2"><b>{row.customer.name}</b></span>
          </span>
        ),
      },
      {
        key: 'employee', title: t('employee'), width: 120,
        render: (row) => <span className="row g6"><Avatar name={row.employee.name} size="sm" />{row.employee.name}</span>,
      },
      { key: 'when', title: t('when'), width: 170, render: (row) => <span><span className="m3">{format.dayNear(row.day)}</span> {format.window(row.window)}</span> },
      {
        key: 'status', title: t('status'), width: 110,
        render: (row) => <StateText tone={TASK_LOOK[row.status].tone} icon={TASK_LOOK[row.status].icon}>{common(`task.${row.status}`)}</StateText>,
      },
      { key: 'eta', title: t('eta'), width: 84, align: 'right', render: (row) => (row.status === 'done' || row.status === 'cancelled' ? '—' : format.time(row.eta)) },
      {
        key: 'order', title: t('order'), width: 88, align: 'right',
        render: (row) => (row.plan_id ? format.number(row.seq) : <span className="tag">{t('adHoc')}</span>),
      },
      { key: 'task', title: t('task'), render: (row) => <span className="m2">{row.title}</span> },
      { key: 'skills', title: t('skills'), render: (row) => (row.skills.length ? <SkillChips skills={row.skills} /> : <span className="m3">—</span>) },
      {
        key: 'visit', title: t('visit'), width: 90,
        render: (row) => (row.visit_id ? <Link to="/visits/$id" params={{ id: row.visit_id }}>{t('openVisit')}</Link> : <span className="m3">—</span>),
      },
      { key: 'reason', title: t('reason'), optional: true, render: (row) => <span className="m2">{row.reason_code ? whyText(c, row.reason_code, row.reason) : row.reason}</span> },
    ],
    [t, common, format],
  );

  const all = useMemo(() => [...columns, ...theirs], [columns, theirs]);
  const filters = useMemo(() => {
    const { task: _task, create: _create, tab: _tab, ...rest } = search;
    return rest as Record<string, string>;
  }, [search]);
  return (
    <DataPage
      id="tasks"
      label={t('title')}
      list={list}
      rowKey={key}
      rowName={name}
      columns={all}
      selectedId={search.task}
      onOpen={(row) => patch({ task: row.id, create: undefined })}
      batch={canWrite ? (rows, clear) => <TaskBatch rows={rows} onDone={clear} /> : undefined}
      filtered={Object.keys(filters).length > 0}
      onClearFilters={() => void navigate({ to: '/tasks' })}
      views={
        <SavedViews
          id="tasks"
          builtIn={[
            { key: 'today', name: t('view.today'), search: { from: today, to: today } },
            { key: 'open', name: t('view.open'), search: { status: 'new,accepted,on_the_way,on_site,overdue' } },
            { key: 'overdue', name: t('view.overdue'), search: { from: addDays(today, -6), to: today, status: 'overdue' } },
            { key: 'cancelled', name: t('view.cancelled'), search: { from: addDays(today, -6), status: 'cancelled' } },
          ]}
          current={filters}
          onChoose={(next) => void navigate({ to: '/tasks', search: next as TasksSearch })}
        />
      }
      bar={
        <>
          {search.group ? <GroupChip group={search.group} onClear={() => patch({ group: undefined })} /> : null}
          <SearchField value={search.q} onChange={(q) => patch({ q }, { replace: true })} placeholder={t('search')} width={210} />
          <DayField label={t('from')} value={from} max={to} onChange={(next) => patch({ from: next })} />
          <span className="m3" aria-hidden="true">–</span>
          <DayField label={t('to')} value={to} min={from} onChange={(next) => patch({ to: next })} />
          <FilterSelect label={t('department')} value={search.department} options={departments} onChange={(department) => patch({ department })} />
          <FilterSelect label={t('employee')} value={search.person} options={people} onChange={(person) => patch({ person })} />
          <FilterSelect
            label={t('status')}
            multiple
            value={search.status}
            options={STATUSES.map((value) => ({ value, label: common(`task.${value}`) }))}
            onChange={(status) => patch({ status })}
          />
          {own.fields.length ? <FilterMore active={customActive(own, search)}><CustomFilters spec={own} search={search} patch={patch} /></FilterMore> : null}
          <span className="sp" />
          <Download path="/tasks.xlsx" query={query} fallback="tashi-tasks.xlsx" label={t('export')} title={format.dots([t('export'), t('title')])} />
          {canWrite ? (
            <button type="button" className="btn pri" onClick={() => patch({ create: '1', task: undefined })}>
              <Icon name="plus" />
              {t('new')}
            </button>
          ) : null}
        </>
      }
      empty={
        <>
          <b>{t('empty')}</b>
          <p>{t('emptyDetail')}</p>
          <Link to="/planning" className="btn">{t('toPlanning')}</Link>
        </>
      }
    >
      {search.create && canWrite ? (
        <CreateTask
          person={search.person}
          customer={search.customer}
          day={search.from}
          onClose={() => patch({ create: undefined })}
          onCreated={(task) => patch({ create: undefined, task: task.id })}
        />
      ) : search.task ? (
        <TaskDrawer key={search.task} id={search.task} onClose={() => patch({ task: undefined })} />
      ) : null}
    </DataPage>
  );
}
