import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { api, type AttendanceMonth, type AttendanceSheet } from '@tashi/shared/api';
import { useFormat, useLanguage, useT } from '@tashi/shared/i18n';
import { Icon, SkeletonRows, toast } from '@tashi/shared/ui';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useCan } from '../../app/session';
import { AskReason } from '../../kit/AskReason';
import { Confirm } from '../../kit/Confirm';
import { Download } from '../../kit/Download';
import { FilterSelect } from '../../kit/FilterBar';
import { MonthField, monthName } from '../../kit/MonthField';
import { ProblemView } from '../../kit/ProblemView';
import { useDepartmentOptions } from '../../kit/refs';
import { useSearchPatch } from '../../kit/useSearchPatch';
import { ViewsMenu } from '../../kit/SavedViews';
import type { AttendanceSearch } from './search';
import { showToday } from './showToday';
import { attendanceText } from './text';
import { weekdayLetters } from './words';

const FILTERS = ['department', 'marked'];

/** The month: people down, days across, sums at the end. The file says the same, cell by cell. */
export function SheetTab() {
  const t = useT(attendanceText);
  const format = useFormat();
  const language = useLanguage();
  const search = useSearch({ from: '/shell/attendance' });
  const patch = useSearchPatch<AttendanceSearch>();
  const departments = useDepartmentOptions();
  const now = format.today().slice(0, 7);
  const month = search.month ?? now;
  const query = { month, department_id: search.department, marked: search.marked ? true : undefined };
  const sheet = useQuery({
    queryKey: ['attendance', 'sheet', query, language],
    queryFn: ({ signal }) => api.get<AttendanceSheet>('/attendance', { query, signal }),
    placeholderData: (old) => old,
  });
  const { data } = sheet;
  return (
    <>
      <div className="bar">
        <MonthField label={t('month')} before={t('monthBefore')} after={t('monthAfter')} value={month} onChange={(next) => patch({ month: next === now ? undefined : next })} />
        <FilterSelect label={t('department')} value={search.department} options={departments} onChange={(department) => patch({ department })} />
        <label className="check-line"><input type="checkbox" checked={search.marked === '1'} onChange={(event) => patch({ marked: event.target.checked ? '1' : undefined })} />{t('marked')}</label>
        <ViewsMenu id="attendance.sheet" keys={FILTERS} />
        <span className="sp" />
        {data ? <Standing standing={data.standing} over={month < now} /> : null}
        <Download path="/attendance.xlsx" query={query} fallback={`tashi-attendance-${month}.xlsx`} label={t('file')} title={`${t('title')} ${monthName(month, language)}`} />
      </div>
      {sheet.error && !data ? <div className="report-pad"><ProblemView error={sheet.error} onRetry={sheet.refetch} /></div> : null}
      {sheet.isPending ? <SkeletonRows rows={12} height={36} /> : null}
      {data ? <Grid data={data} refreshing={sheet.isPlaceholderData} /> : null}
      <p className="attendance-legend m3 s12">{t('legend')}</p>
    </>
  );
}

function Standing({ standing, over }: { standing: AttendanceMonth; over: boolean }) {
  const t = useT(attendanceText);
  const format = useFormat();
  const language = useLanguage();
  const client = useQueryClient();
  const mayClose = useCan('org.write');
  const [asking, setAsking] = useState(false);
  const name = monthName(standing.month, language);
  const refresh = () => client.invalidateQueries({ queryKey: ['attendance'] });
  const reopen = useMutation({
    mutationFn: (reason: string) => api.post('/attendance/months/{month}/reopen', { reason }, { params: { month: standing.month } }),
    onSuccess: async () => {
      await refresh();
      toast(t('reopenedDone'));
      setAsking(false);
    },
  });
  return (
    <>
      {standing.closed ? <span className="m2 s12 row g4"><Icon name="lock" size={13} />{t('closed', { name: standing.closed_by?.name ?? '', when: format.dateTime(standing.closed_at) })}</span> : null}
      {!standing.closed && standing.reopened_at ? <span className="m3 s12 clip">{t('reopened', { name: standing.reopened_by?.name ?? '', when: format.dateTime(standing.reopened_at), reason: standing.reason ?? '' })}</span> : null}
      {mayClose && standing.closed ? <button type="button" className="btn" onClick={() => setAsking(true)}>{t('reopen')}</button> : null}
      {mayClose && !standing.closed && over ? <button type="button" className="btn" onClick={() => setAsking(true)}><Icon name="lock" size={15} />{t('close')}</button> : null}
      {asking && standing.closed ? <AskReason title={t('reopenTitle', { month: name })} detail={t('reopenDetail')} label={t('reopenLabel')} verb={t('reopen')} busy={reopen.isPending} error={reopen.error} onRun={(reason) => reopen.mutate(reason)} onClose={() => setAsking(false)} /> : null}
      {asking && !standing.closed ? (
        <Confirm
          title={t('closeTitle', { month: name })}
          detail={t('closeDetail')}
          verb={t('close')}
          onClose={() => setAsking(false)}
          run={async () => {
            await api.post('/attendance/months/{month}/close', {}, { params: { month: standing.month } });
            await refresh();
            toast(t('closedDone'));
          }}
        />
      ) : null}
    </>
  );
}

/** Moves the focus between cells with the arrows. */
function walk(event: KeyboardEvent<HTMLTableElement>): void {
  const cell = (event.target as HTMLElement).closest<HTMLElement>('td[data-at]');
  const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
  if (!cell || !step) return;
  const [row = 0, column = 0] = (cell.dataset.at ?? '').split(',').map(Number);
  const next = event.currentTarget.querySelector<HTMLElement>(`td[data-at="${row + step[0]!},${column + step[1]!}"] button`);
  if (!next) return;
  event.preventDefault();
  next.focus();
}

function Grid({ data, refreshing }: { data: AttendanceSheet; refreshing: boolean }) {
  const t = useT(attendanceText);
  const format = useFormat();
  const search = useSearch({ from: '/shell/attendance' });
  const patch = useSearchPatch<AttendanceSearch>();
  const today = format.today();
  const box = useRef<HTMLDivElement>(null);
  const { month } = data.standing;
  useEffect(() => showToday(box.current), [month]);
  if (data.rows.length === 0) return <div className="empty"><b>{search.marked ? t('noMarked') : t('none')}</b>{search.marked ? null : <p>{t('noneDetail')}</p>}</div>;
  return (
    <div ref={box} className="attendance-scroll" tabIndex={0} role="region" aria-label={t('tab.sheet')}>
      <table className="attendance-table" aria-busy={refreshing} onKeyDown={walk}>
        <thead>
          <tr>
            <th scope="col" className="who">{t('name')}</th>
            {data.days.map((day) => (
              <th key={day} scope="col" className={`${day === today ? 'now' : ''} ${new Date(`${day}T00:00:00Z`).getUTCDay() % 6 === 0 ? 'weekend' : ''}`}>
                <span aria-hidden="true">{Number(day.slice(8))}<small>{weekdayLetters(format, day)}</small></span><span className="sr">{format.dayWeek(day)}</span>
              </th>
            ))}
            {data.columns.map((column) => <th key={column.key} scope="col" className="sum">{column.label}</th>)}
          </tr>
        </thead>
        <tbody>
          {data.rows.map((row, r) => (
            <tr key={row.employee.id}>
              <th scope="row" className="who"><b>{row.employee.name}</b><span className="m3 s12">{row.department.name}</span></th>
              {row.cells.map((cell, c) => {
                const open = search.person === row.employee.id && search.day === cell.day;
                return (
                  <td key={cell.day} data-at={`${r},${c}`} className={`tone-${cell.tone}${open ? ' on' : ''}`}>
                    <button type="button" tabIndex={r === 0 && c === 0 ? 0 : -1} aria-label={t('cell', { name: row.employee.name, day: format.dayWeek(cell.day), label: cell.label || t('nothing') })} title={cell.label} onClick={() => patch({ person: row.employee.id, day: cell.day })}>{cell.label}</button>
                  </td>
                );
              })}
              {row.totals.map((total, i) => <td key={data.columns[i]!.key} className={total === '0' ? 'sum m3' : 'sum'}>{total}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
