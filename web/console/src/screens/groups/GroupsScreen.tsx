import { useQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { api, type GroupFigures, type GroupReport, type ReportGroup } from '@tashi/shared/api';
import { addDays, useFormat, useT } from '@tashi/shared/i18n';
import { SkeletonRows } from '@tashi/shared/ui';
import { useMemo } from 'react';
import { DataTable, type Column } from '../../kit/DataTable';
import { DayField } from '../../kit/DayField';
import { Download } from '../../kit/Download';
import { FilterSelect } from '../../kit/FilterBar';
import { ProblemView } from '../../kit/ProblemView';
import { useDepartmentOptions } from '../../kit/refs';
import { ViewsMenu } from '../../kit/SavedViews';
import { useSearchPatch } from '../../kit/useSearchPatch';
import { ReportKind } from '../reports/ReportKind';
import { plannedSearch } from '../reports/Totals';
import '../reports/reports.css';
import type { GroupBy, GroupsSearch } from './search';
import { groupsText } from './text';

const FILTERS = ['from', 'to', 'by', 'department'];
const BY: readonly GroupBy[] = ['territory', 'grade', 'tag'];
const key = (row: ReportGroup) => row.group;

/** Where the work goes: the measures of the day report over a period, by what customers are. Every number opens its rows. */
export function GroupsScreen() {
  const t = useT(groupsText);
  const format = useFormat();
  const search = useSearch({ from: '/shell/reports/groups' });
  const patch = useSearchPatch<GroupsSearch>();
  const departments = useDepartmentOptions();
  const today = format.today();
  const [from, to, by] = [search.from ?? addDays(today, -29), search.to ?? today, search.by ?? 'territory'];
  const query = { by, day_from: from, day_to: to, department_id: search.department };
  const report = useQuery({
    queryKey: ['reports', 'groups', query],
    queryFn: () => api.get<GroupReport>('/reports/groups', { query }),
    placeholderData: (old) => old,
  });
  // A total is a row like the others, with no group of its own.
  const rows = useMemo<ReportGroup[]>(() => (report.data?.rows.length ? [...report.data.rows, { group: '', name: t('total'), ...report.data.total }] : []), [report.data, t]);
  const shown = report.data?.by ?? by;
  const nameOf = (row: ReportGroup) => row.name ?? t(`none.${shown}`);
  const columns = useMemo<Column<ReportGroup>[]>(() => {
    const called = (row: ReportGroup) => row.name ?? t(`none.${shown}`);
    const days = { from, to, department: search.department };
    const visits = (row: ReportGroup, what: 'visits' | 'effective') => (
      <Link to="/visits" search={{ ...days, group: row.group || undefined, effective: what === 'effective' ? 'true' : undefined }} className="report-number" aria-label={t('rowsOf', { name: called(row), what: t(what) })}>{format.number(row[what])}</Link>
    );
    const coverage = (row: GroupFigures) => (row.customers ? format.percent(row.covered / row.customers) : '–');
    return [
      { key: 'name', title: t('name'), fixed: true, width: 180, render: (row) => <span className="cell2"><b className="clip">{called(row)}</b>{row.group ? null : <span className="sub">{t('totalHint')}</span>}</span> },
      { key: 'customers', title: t('customers'), align: 'right', width: 84, render: (row) => <Customers row={row} label={t('rowsOf', { name: called(row), what: t('customers') })} department={search.department} /> },
      { key: 'covered', title: t('covered'), align: 'right', width: 84, render: (row) => format.number(row.covered) },
      { key: 'coverage', title: t('coverage'), align: 'right', width: 84, render: coverage },
      { key: 'planned', title: t('planned'), align: 'right', width: 84, render: (row) => <Link to="/tasks" search={{ ...plannedSearch(from, { department: search.department }), to, group: row.group || undefined }} className="report-number" aria-label={t('rowsOf', { name: called(row), what: t('planned') })}>{format.number(row.planned)}</Link> },
      { key: 'visits', title: t('visits'), align: 'right', width: 84, render: (row) => visits(row, 'visits') },
      { key: 'effective', title: t('effective'), align: 'right', width: 84, render: (row) => <b className="w7">{visits(row, 'effective')}</b> },
      { key: 'stay', title: t('stay'), align: 'right', width: 110, render: (row) => format.duration(row.stay_s) },
    ];
  }, [t, format, from, to, search.department, shown]);
  return (
    <div className="reports">
      <div className="bar">
        <ReportKind now="groups" />
        <DayField label={t('from')} value={from} max={to} onChange={(next) => patch({ from: next })} />
        <span className="m3" aria-hidden="true">–</span>
        <DayField label={t('to')} value={to} min={from} max={today} onChange={(next) => patch({ to: next })} />
        <span className="seg" role="group" aria-label={t('by')}>
          {BY.map((one) => <button key={one} type="button" aria-pressed={by === one} className={by === one ? 'on' : ''} onClick={() => patch({ by: one === 'territory' ? undefined : one })}>{t(`by.${one}`)}</button>)}
        </span>
        <FilterSelect label={t('department')} value={search.department} options={departments} onChange={(department) => patch({ department })} />
        <ViewsMenu id="groups" keys={FILTERS} />
        <span className="sp" />
        <Download path="/reports/groups.xlsx" query={query} fallback="tashi-groups.xlsx" label={t('download')} title={format.dots([t('title'), t(`by.${by}`)])} />
        <Download path="/reports/groups.csv" query={query} fallback="tashi-groups.csv" label="CSV" title={format.dots([t('title'), t(`by.${by}`)])} />
      </div>
      {report.error && !report.data ? <div className="report-pad"><ProblemView error={report.error} onRetry={report.refetch} /></div> : (
        <>
          <div className="report-table">
            {report.isPending ? <SkeletonRows rows={8} height={44} /> : (
              <DataTable
                label={t('title')} rows={rows} rowKey={key} rowName={nameOf} columns={columns} refreshing={report.isPlaceholderData}
                empty={<div className="empty"><b>{t('empty')}</b><p>{t('emptyDetail')}</p></div>}
              />
            )}
          </div>
          <p className="report-pad s12 m3">{shown === 'tag' ? `${t('tagHint')} ` : ''}{t('kmHint')}</p>
        </>
      )}
    </div>
  );
}

/** Customers of a group as a list, where the list knows the group. */
function Customers({ row, label, department }: { row: ReportGroup; label: string; department: string | undefined }) {
  const format = useFormat();
  const [kind, ...rest] = row.group.split(':');
  const name = rest.join(':');
  const count = format.number(row.customers);
  if (row.group && !name) return count;
  return <Link to="/customers" search={{ status: 'active', department, ...(row.group ? { [kind!]: name } : {}) }} className="report-number" aria-label={label}>{count}</Link>;
}
