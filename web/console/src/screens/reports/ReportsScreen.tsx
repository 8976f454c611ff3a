import { useQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { api, type DailyReport, type DaySummary } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { Avatar, Icon, SkeletonRows } from '@tashi/shared/ui';
import { useMemo } from 'react';
import { DataTable, type Column } from '../../kit/DataTable';
import { DayField } from '../../kit/DayField';
import { Download } from '../../kit/Download';
import { FilterSelect } from '../../kit/FilterBar';
import { ProblemView } from '../../kit/ProblemView';
import { useDepartmentOptions } from '../../kit/refs';
import { useSearchPatch } from '../../kit/useSearchPatch';
import { ViewsMenu } from '../../kit/SavedViews';
import { SheetTools } from '../../kit/SheetTools';
import { PersonDay } from './PersonDay';
import { ReportKind } from './ReportKind';
import type { DayPart, ReportsSearch } from './search';
import { SumRows } from './SumRows';
import { reportsText } from './text';
import { plannedSearch, Totals } from './Totals';
import './reports.css';

const FILTERS = ['department'];

const key = (row: DaySummary) => row.employee.id;
const name = (row: DaySummary) => row.employee.name;

/** The day of the team: totals, one row a person, every number opens the rows it sums. */
export function ReportsScreen() {
  const t = useT(reportsText);
  const format = useFormat();
  const search = useSearch({ from: '/shell/reports' });
  const patch = useSearchPatch<ReportsSearch>();
  const departments = useDepartmentOptions();
  const today = format.today();
  const day = search.day ?? today;
  const report = useQuery({
    queryKey: ['reports', 'daily', day, search.department ?? 'all'],
    queryFn: () => api.get<DailyReport>('/reports/daily', { query: { day, department_id: search.department } }),
    placeholderData: (old) => old,
    refetchInterval: day === today ? 60_000 : false,
  });
  const rows = useMemo(
    () => [...(report.data?.rows ?? [])].sort((a, b) => b.effective - a.effective || b.visits - a.visits || a.employee.name.localeCompare(b.employee.name, 'zh-CN')),
    [report.data],
  );

  const columns = useMemo<Column<DaySummary>[]>(() => {
    const visits = (row: DaySummary, value: number, effective?: 'true') => (
      <Link
        to="/visits"
        search={{ person: row.employee.id, from: day, to: day, effective }}
        className="report-number"
        aria-label={t('rowsOf', { name: row.employee.name })}
      >
        {format.number(value)}
      </Link>
    );
    const parts = (row: DaySummary, rows: DayPart, value: string, label: string) => (
      <Link
        to="/reports"
        search={(old) => ({ ...old, person: row.employee.id, rows, sum: undefined })}
        className="report-number"
        aria-label={t(rows === 'visits' ? 'stayOf' : 'drivenOf', { name: row.employee.name, value: label })}
      >
        {value}
      </Link>
    );
    return [
      {
        key: 'employee', title: t('employee'), fixed: true, width: 170,
        render: (row) => (
          <span className="row">
            <Avatar name={row.employee.name} size="sm" />
            <span className="cell2"><b>{row.employee.name}</b><span className="sub">{row.department.name}</span></span>
          </span>
        ),
      },
      { key: 'planned', title: t('col.planned'), align: 'right', width: 72, render: (row) => <Link to="/tasks" search={plannedSearch(day, { person: row.employee.id })} className="report-number" aria-label={t('plannedOf', { name: row.employee.name })}>{format.number(row.planned)}</Link> },
      { key: 'visits', title: t('col.visits'), align: 'right', width: 72, render: (row) => visits(row, row.visits) },
      { key: 'effective', title: t('col.effective'), align: 'right', width: 84, render: (row) => <b className="w7">{visits(row, row.effective, 'true')}</b> },
      { key: 'stay', title: t('col.stay'), align: 'right', width: 88, render: (row) => parts(row, 'visits', format.minutes(row.stay_s), format.duration(row.stay_s)) },
      { key: 'driven', title: t('col.driven'), align: 'right', width: 96, render: (row) => parts(row, 'trips', format.km(row.counted_m), `${format.km(row.counted_m)} km`) },
      { key: 'plan', title: t('col.plan'), align: 'right', width: 96, render: (row) => <span className="m3">{format.km(row.plan_m)}</span> },
      { key: 'first', title: t('col.first'), align: 'right', width: 96, render: (row) => format.time(row.first_check_in) },
      { key: 'last', title: t('col.last'), align: 'right', width: 96, render: (row) => format.time(row.last_check_out) },
      { key: 'gap', title: t('col.gap'), align: 'right', width: 84, render: (row) => (row.gap_s ? format.minutes(row.gap_s) : <span className="m3">0</span>) },
      {
        key: 'state', title: t('col.state'), width: 84,
        render: (row) => row.provisional
          ? <span className="row g4 fg-late"><Icon name="clock" size={13} weight={2} />{t('sofar')}</span>
          : <span className="row g4 fg-visit"><Icon name="okCircle" size={13} weight={2} />{t('closed')}</span>,
      },
    ];
  }, [t, format, day]);

  const provisional = rows.some((row) => row.provisional);
  return (
    <div className="reports">
      <div className="bar">
        <ReportKind now="daily" />
        <DayField label={t('day')} before={t('dayBefore')} after={t('dayAfter')} value={day} max={today} onChange={(next) => patch({ day: next === today ? undefined : next })} />
        <FilterSelect label={t('department')} value={search.department} options={departments} onChange={(department) => patch({ department })} />
        <ViewsMenu id="reports" keys={FILTERS} />
        {provisional ? <span className="s12 fg-late">{t('provisional', { time: format.time(report.dataUpdatedAt) })}</span> : null}
        <span className="sp" />
        <SheetTools
          id={`daily-${day}`} label={format.dots([t('title'), format.day(day)])} rows={rows} rowKey={key} columns={columns} disabled={report.isPending || report.isPlaceholderData}
          filters={() => [`${t('day')}: ${format.day(day)}`, ...departments.filter((one) => one.value === search.department).map((one) => `${t('department')}: ${one.label}`)]}
        />
        <Download
          path="/reports/daily.xlsx"
          query={{ day, department_id: search.department }}
          fallback={`tashi-${day}.xlsx`}
          label={t('download')}
          title={format.dots([t('title'), format.day(day)])}
        />
      </div>
      {report.error && !report.data ? (
        <div className="report-pad"><ProblemView error={report.error} onRetry={report.refetch} /></div>
      ) : (
        <>
          <Totals totals={report.data?.totals ?? null} day={day} department={search.department} />
          <div className="report-table">
            {report.isPending ? <SkeletonRows rows={10} height={44} /> : (
              <DataTable
                label={t('title')}
                rows={rows}
                rowKey={key}
                rowName={name}
                columns={columns}
                refreshing={report.isPlaceholderData}
                selectedId={search.person}
                onOpen={(row) => patch({ person: row.employee.id, rows: undefined, sum: undefined })}
                empty={<div className="empty"><b>{t('empty')}</b><p>{t('emptyDetail')}</p></div>}
              />
            )}
          </div>
        </>
      )}
      {search.person ? (
        <PersonDay key={`${search.person}/${day}`} person={search.person} day={day} rows={search.rows} onRows={(rows) => patch({ rows })} onClose={() => patch({ person: undefined, rows: undefined })} />
      ) : search.sum && report.data ? (
        <SumRows
          report={report.data}
          sum={search.sum}
          onOpen={(person) => patch({ person, rows: search.sum === 'stay' ? 'visits' : 'trips' })}
          onClose={() => patch({ sum: undefined })}
        />
      ) : null}
    </div>
  );
}
