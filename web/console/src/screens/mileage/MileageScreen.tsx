import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { api, type MileageMonth, type MileageRow } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { Avatar, Bone, Icon, SkeletonRows } from '@tashi/shared/ui';
import { useMemo } from 'react';
import { DataTable, type Column } from '../../kit/DataTable';
import { FilterSelect } from '../../kit/FilterBar';
import { MonthField } from '../../kit/MonthField';
import { ProblemView } from '../../kit/ProblemView';
import { useDepartmentOptions } from '../../kit/refs';
import { useSearchPatch } from '../../kit/useSearchPatch';
import { ViewsMenu } from '../../kit/SavedViews';
import { SheetTools } from '../../kit/SheetTools';
import { ReportKind } from '../reports/ReportKind';
import { PersonMonth } from './PersonMonth';
import type { MileageSearch } from './search';
import { mileageText } from './text';
import '../reports/reports.css';
import './mileage.css';

const FILTERS = ['department'];

const key = (row: MileageRow) => row.employee.id;
const name = (row: MileageRow) => row.employee.name;

/** The kilometres of a month that may be paid: one row a person, each opens the days it sums. */
export function MileageScreen() {
  const t = useT(mileageText);
  const format = useFormat();
  const search = useSearch({ from: '/shell/reports/mileage' });
  const patch = useSearchPatch<MileageSearch>();
  const departments = useDepartmentOptions();
  const now = format.today().slice(0, 7);
  const month = search.month ?? now;
  const report = useQuery({
    queryKey: ['reports', 'mileage', month, search.department ?? 'all'],
    queryFn: () => api.get<MileageMonth>('/reports/mileage', { query: { month, department_id: search.department } }),
    placeholderData: (old) => old,
  });
  const columns = useMemo<Column<MileageRow>[]>(() => {
    const km = (meters: number, soft?: boolean) => (meters ? <span className={soft ? 'm3' : undefined}>{format.km(meters)}</span> : <span className="m3">–</span>);
    return [
      {
        key: 'employee', title: t('employee'), fixed: true, width: 190,
        render: (row) => (
          <span className="row">
            <Avatar name={row.employee.name} size="sm" />
            <span className="cell2"><b>{row.employee.name}</b><span className="sub">{format.dots([row.department.name, row.code])}</span></span>
          </span>
        ),
      },
      { key: 'counted', title: t('col.counted'), align: 'right', width: 110, render: (row) => <b className="w7">{format.km(row.counted_m)}</b> },
      { key: 'days', title: t('col.days'), align: 'right', width: 80, render: (row) => format.number(row.driven_days) },
      { key: 'excluded', title: t('col.excluded'), align: 'right', width: 96, render: (row) => km(row.excluded_m) },
      { key: 'raw', title: t('col.raw'), align: 'right', width: 96, render: (row) => km(row.raw_m, true) },
      { key: 'estimated', title: t('col.estimated'), align: 'right', width: 104, render: (row) => km(row.estimated_m, true) },
      { key: 'gap', title: t('col.gap'), align: 'right', width: 96, render: (row) => (row.gap_s ? format.duration(row.gap_s) : <span className="m3">–</span>) },
      { key: 'refused', title: t('col.refused'), align: 'right', width: 96, render: (row) => (row.refused ? format.number(row.refused) : <span className="m3">–</span>) },
      { key: 'removed', title: t('col.removed'), align: 'right', width: 96, render: (row) => (row.removed ? format.number(row.removed) : <span className="m3">–</span>) },
      {
        key: 'state', title: t('col.state'), width: 120,
        render: (row) => row.open_days
          ? <span className="row g4 fg-late"><Icon name="clock" size={13} weight={2} />{t('open', { count: row.open_days })}</span>
          : row.late_days
            ? <span className="row g4 m2"><Icon name="sync" size={13} weight={2} />{t('late', { count: row.late_days })}</span>
            : <span className="row g4 fg-visit"><Icon name="okCircle" size={13} weight={2} />{t('closed')}</span>,
      },
    ];
  }, [t, format]);
  const totals = report.data?.totals;
  const cells = totals
    ? [
        { label: t('sum.counted'), value: format.km(totals.counted_m), unit: 'km', sub: t('sum.countedSub') },
        { label: t('sum.excluded'), value: format.km(totals.excluded_m), unit: 'km', sub: t('sum.excludedSub') },
        { label: t('sum.gap'), value: format.hours(totals.gap_s), unit: t('unit.hours'), sub: t('sum.gapSub', { km: format.km(totals.estimated_m) }) },
        { label: t('sum.refused'), value: format.number(totals.refused), unit: t('unit.points'), sub: t('sum.refusedSub') },
      ]
    : [];
  return (
    <div className="reports">
      <div className="bar">
        <ReportKind now="mileage" />
        <MonthField label={t('month')} before={t('monthBefore')} after={t('monthAfter')} value={month} onChange={(next) => patch({ month: next === now ? undefined : next })} />
        <FilterSelect label={t('department')} value={search.department} options={departments} onChange={(department) => patch({ department })} />
        <ViewsMenu id="mileage" keys={FILTERS} />
        <span className="sp" />
        <SheetTools
          id={`mileage-${month}`} label={t('title')} rows={report.data?.rows ?? []} rowKey={key} columns={columns} disabled={report.isPending || report.isPlaceholderData}
          filters={() => [`${t('month')}: ${month}`, ...departments.filter((one) => one.value === search.department).map((one) => `${t('department')}: ${one.label}`)]}
        />
        <span className="m3 s12 mileage-note">{t('note')}</span>
      </div>
      {report.error && !report.data ? (
        <div className="report-pad"><ProblemView error={report.error} onRetry={report.refetch} /></div>
      ) : (
        <>
          <dl className="report-totals">
            {report.data
              ? cells.map((cell) => (
                  <div key={cell.label}>
                    <dt>{cell.label}</dt>
                    <dd>{cell.value}<span className="unit">{cell.unit}</span></dd>
                    <dd className="report-sub">{cell.sub}</dd>
                  </div>
                ))
              : Array.from({ length: 4 }, (_, i) => <div key={i}><dt><Bone width={64} /></dt><dd><Bone width={48} height={24} /></dd></div>)}
          </dl>
          <div className="report-table">
            {report.isPending ? <SkeletonRows rows={10} height={44} /> : (
              <DataTable
                label={t('title')}
                rows={report.data?.rows ?? []}
                rowKey={key}
                rowName={name}
                columns={columns}
                refreshing={report.isPlaceholderData}
                selectedId={search.person}
                onOpen={(row) => patch({ person: row.employee.id })}
                empty={<div className="empty"><b>{t('empty')}</b><p>{t('emptyDetail')}</p></div>}
              />
            )}
          </div>
        </>
      )}
      {search.person ? <PersonMonth key={`${search.person}/${month}`} person={search.person} month={month} onClose={() => patch({ person: undefined })} /> : null}
    </div>
  );
}
