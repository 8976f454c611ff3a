import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { api, type AttendanceToday, type TodayRow } from '@tashi/shared/api';
import { useFormat, useLanguage, useT } from '@tashi/shared/i18n';
import { Avatar, SkeletonRows } from '@tashi/shared/ui';
import { useMemo } from 'react';
import { DataTable, type Column } from '../../kit/DataTable';
import { DayField } from '../../kit/DayField';
import { FilterSelect } from '../../kit/FilterBar';
import { ProblemView } from '../../kit/ProblemView';
import { useDepartmentOptions } from '../../kit/refs';
import { useSearchPatch } from '../../kit/useSearchPatch';
import { ViewsMenu } from '../../kit/SavedViews';
import type { AttendanceSearch } from './search';
import { attendanceText } from './text';

const FILTERS = ['department'];

const key = (row: TodayRow) => row.employee.id;
const name = (row: TodayRow) => row.employee.name;

/** Who needs a look now: late, not come, missing, away, or punched elsewhere. */
export function TodayTab() {
  const t = useT(attendanceText);
  const format = useFormat();
  const language = useLanguage();
  const search = useSearch({ from: '/shell/attendance' });
  const patch = useSearchPatch<AttendanceSearch>();
  const departments = useDepartmentOptions();
  const today = format.today();
  const day = search.day ?? today;
  const found = useQuery({
    queryKey: ['attendance', 'today', day, search.department ?? '', language],
    queryFn: () => api.get<AttendanceToday>('/attendance/today', { query: { day, department_id: search.department } }),
    placeholderData: (old) => old,
    refetchInterval: day === today ? 60_000 : false,
  });
  const columns = useMemo<Column<TodayRow>[]>(() => [
    { key: 'who', title: t('name'), fixed: true, width: 200, render: (row) => <span className="row"><Avatar name={row.employee.name} size="sm" /><span className="cell2"><b>{row.employee.name}</b><span className="sub">{row.department.name}</span></span></span> },
    { key: 'state', title: t('state'), width: 260, render: (row) => <span className="row g6">{row.label ? <span className={`tone tone-${row.tone}`}>{row.label}</span> : null}{row.outcome.overdue ? <span className="fg-problem">{t('notCome')}</span> : null}{row.outside ? <span className="fg-problem">{t('outside')}</span> : null}</span> },
    { key: 'times', title: t('times'), width: 160, render: (row) => `${row.outcome.first_in ? format.time(row.outcome.first_in) : '–'} / ${row.outcome.last_out ? format.time(row.outcome.last_out) : '–'}` },
  ], [t, format]);
  const { data } = found;
  return (
    <>
      <div className="bar">
        <DayField label={t('day')} before={t('dayBefore')} after={t('dayAfter')} value={day} max={today} onChange={(next) => patch({ day: next === today ? undefined : next })} />
        <FilterSelect label={t('department')} value={search.department} options={departments} onChange={(department) => patch({ department })} />
        <ViewsMenu id="attendance.today" keys={FILTERS} />
      </div>
      {found.error && !data ? <div className="report-pad"><ProblemView error={found.error} onRetry={found.refetch} /></div> : null}
      {data ? (
        <dl className="attendance-counts">
          {(['due', 'here', 'late', 'overdue', 'away'] as const).map((one) => <div key={one}><dt>{t(one)}</dt><dd>{data[one]}</dd></div>)}
        </dl>
      ) : null}
      <div className="attendance-fill">
        {found.isPending ? <SkeletonRows rows={8} height={44} /> : (
          <DataTable label={t('tab.today')} rows={data?.rows ?? []} rowKey={key} rowName={name} columns={columns} refreshing={found.isPlaceholderData} selectedId={search.person} onOpen={(row) => patch({ person: row.employee.id, day })} empty={<div className="empty"><b>{t('allFine')}</b><p>{t('allFineDetail')}</p></div>} />
        )}
      </div>
    </>
  );
}
