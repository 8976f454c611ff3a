import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { api, type Roster, type RosterCell, type RosterChange } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { SkeletonRows, toast } from '@tashi/shared/ui';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useCan } from '../../app/session';
import { FilterSelect } from '../../kit/FilterBar';
import { MonthField, addMonths } from '../../kit/MonthField';
import { ProblemView } from '../../kit/ProblemView';
import { useDepartmentOptions } from '../../kit/refs';
import { useSearchPatch } from '../../kit/useSearchPatch';
import { Patterns } from './Patterns';
import { type Area, area, cellsIn, inside, moved } from './paint';
import type { AttendanceSearch } from './search';
import { showToday } from './showToday';
import { attendanceText } from './text';
import { hoursText, weekdayLetters } from './words';

const SOURCE = { roster: 'byRoster', person: 'byPerson', department: 'byDepartment', calendar: 'byCalendar' } as const;

/** People down, days across: who works which shift. Painted by dragging or by keys, each stroke is saved at once. */
export function RosterTab() {
  const t = useT(attendanceText);
  const format = useFormat();
  const search = useSearch({ from: '/shell/attendance' });
  const patch = useSearchPatch<AttendanceSearch>();
  const departments = useDepartmentOptions();
  const now = format.today().slice(0, 7);
  const month = search.month ?? now;
  const last = new Date(Date.parse(`${addMonths(month, 1)}-01T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
  const query = { from: `${month}-01`, to: last, department_id: search.department };
  const found = useQuery({ queryKey: ['attendance', 'roster', query], queryFn: () => api.get<Roster>('/roster', { query }), placeholderData: (old) => old });
  const { data } = found;
  return (
    <>
      <div className="bar">
        <Months month={month} now={now} onChange={(next) => patch({ month: next === now ? undefined : next })} />
        <FilterSelect label={t('department')} value={search.department} options={departments} onChange={(department) => patch({ department })} />
        <span className="m3 s12">{t('rosterHint')}</span>
      </div>
      {found.error && !data ? <div className="report-pad"><ProblemView error={found.error} onRetry={found.refetch} /></div> : null}
      {found.isPending ? <SkeletonRows rows={10} height={40} /> : null}
      {data && data.shifts.every((one) => one.retired) ? (
        <div className="empty"><b>{t('noShifts')}</b><p>{t('noShiftsDetail')}</p><button type="button" className="btn" onClick={() => patch({ tab: 'settings' })}>{t('toSettings')}</button></div>
      ) : null}
      {data && data.rows.length > 0 ? <Grid data={data} days={data.rows[0]!.cells.map((one) => one.day)} /> : null}
      {data && data.shifts.length > 0 ? <Patterns shifts={data.shifts} /> : null}
    </>
  );
}

/** Also months to come: duty is planned ahead. */
function Months({ month, now, onChange }: { month: string; now: string; onChange(month: string): void }) {
  const t = useT(attendanceText);
  return (
    <>
      <MonthField label={t('month')} before={t('monthBefore')} after={t('monthAfter')} value={month} onChange={onChange} />
      {month >= now ? <button type="button" className="btn" onClick={() => onChange(addMonths(month, 1))}>{t('monthAfter')}</button> : null}
    </>
  );
}

function Grid({ data, days }: { data: Roster; days: string[] }) {
  const t = useT(attendanceText);
  const format = useFormat();
  const client = useQueryClient();
  const mayPaint = useCan('task.write');
  const [chosen, setChosen] = useState<Area | null>(null);
  const dragging = useRef(false);
  const table = useRef<HTMLTableElement>(null);
  useEffect(() => showToday(table.current?.parentElement ?? null), [days[0]]);
  const shifts = useMemo(() => data.shifts.filter((one) => !one.retired), [data.shifts]);
  const save = useMutation({
    mutationFn: (cells: RosterChange[]) => api.put('/roster', { cells }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['attendance'] });
      toast(t('saved'));
    },
  });
  const run = save.mutate;
  const set = useCallback((shift_id: string | null, clear: boolean) => {
    if (!chosen) return;
    run(cellsIn(chosen, data.rows.length, days.length).map(([r, c]) => ({ employee_id: data.rows[r]!.employee.id, day: days[c]!, shift_id, clear })));
  }, [chosen, data.rows, days, run]);
  useEffect(() => {
    const up = () => { dragging.current = false; };
    addEventListener('pointerup', up);
    return () => removeEventListener('pointerup', up);
  }, []);
  const focus = (r: number, c: number) => table.current?.querySelector<HTMLElement>(`td[data-at="${r},${c}"] button`)?.focus();
  const words = (cell: RosterCell) => {
    const shift = data.shifts.find((one) => one.id === cell.shift_id);
    return shift ? shift.short : cell.hours.length ? `${Math.floor((cell.hours[0]!.from_minute) / 60)}–${Math.ceil(cell.hours[cell.hours.length - 1]!.to_minute / 60)}` : t('restWord');
  };
  const told = (cell: RosterCell) => format.dots([
    data.shifts.find((one) => one.id === cell.shift_id)?.name, cell.hours.length ? cell.hours.map((one) => hoursText(format, one)).join(' ') : t('rest'), cell.special, t(SOURCE[cell.source]),
  ]);
  const picked = chosen ? cellsIn(chosen, data.rows.length, days.length).length : 0;
  return (
    <>
      <div className="attendance-scroll">
        <table
          ref={table} className="attendance-table roster-table" aria-label={t('rosterLabel')} aria-busy={save.isPending}
          onKeyDown={(event) => {
            if (!mayPaint) return;
            const at = (event.target as HTMLElement).closest<HTMLElement>('td[data-at]')?.dataset.at?.split(',').map(Number);
            const next = at ? moved(chosen ?? area(at[0]!, at[1]!), event.key, event.shiftKey, data.rows.length, days.length) : null;
            if (next) {
              event.preventDefault();
              setChosen(next);
              focus(next.to[0], next.to[1]);
              return;
            }
            const digit = /^[1-9]$/.test(event.key) ? shifts[Number(event.key) - 1] : undefined;
            if (digit) set(digit.id, false);
            else if (event.key === '0') set(null, false);
            else if (event.key === 'Delete' || event.key === 'Backspace') set(null, true);
            else if (event.key === 'Escape') setChosen(null);
            else return;
            event.preventDefault();
          }}
        >
          <thead>
            <tr>
              <th scope="col" className="who">{t('name')}</th>
              {days.map((day) => <th key={day} scope="col" className={day === format.today() ? 'now' : ''}><span aria-hidden="true">{Number(day.slice(8))}<small>{weekdayLetters(format, day)}</small></span><span className="sr">{format.dayWeek(day)}</span></th>)}
            </tr>
          </thead>
          <tbody>
            {data.rows.map((row, r) => (
              <tr key={row.employee.id}>
                <th scope="row" className="who"><b>{row.employee.name}</b><span className="m3 s12">{row.department.name}</span></th>
                {row.cells.map((cell, c) => (
                  <td key={cell.day} data-at={`${r},${c}`} className={`${cell.source === 'roster' ? 'own' : ''} ${cell.hours.length ? '' : 'tone-rest'} ${chosen && inside(chosen, r, c) ? 'picked' : ''}`}>
                    <button
                      type="button" tabIndex={(chosen ? chosen.to[0] === r && chosen.to[1] === c : r === 0 && c === 0) ? 0 : -1}
                      aria-label={`${row.employee.name} ${format.dayWeek(cell.day)} ${told(cell)}`} title={told(cell)} aria-pressed={!!chosen && inside(chosen, r, c)}
                      onPointerDown={(event) => {
                        if (!mayPaint || event.button !== 0) return;
                        dragging.current = true;
                        setChosen(event.shiftKey && chosen ? { from: chosen.from, to: [r, c] } : area(r, c));
                      }}
                      onPointerEnter={() => { if (dragging.current) setChosen((old) => (old ? { from: old.from, to: [r, c] } : area(r, c))); }}
                      onFocus={() => { if (!chosen && mayPaint) setChosen(area(r, c)); }}
                    >
                      {words(cell)}
                    </button>
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {mayPaint && shifts.length ? (
        <div className="roster-foot" role="toolbar" aria-label={t('paint')}>
          <b>{picked ? t('chosen', { count: picked }) : t('paint')}</b>
          {shifts.map((one, i) => <button key={one.id} type="button" className="btn" disabled={!picked || save.isPending} title={one.pairs.map((pair) => hoursText(format, pair)).join(' ')} onClick={() => set(one.id, false)}>{i < 9 ? <span className="kbd" aria-hidden="true">{i + 1}</span> : null}{one.name}</button>)}
          <button type="button" className="btn" disabled={!picked || save.isPending} onClick={() => set(null, false)}><span className="kbd" aria-hidden="true">0</span>{t('paintRest')}</button>
          <button type="button" className="btn" disabled={!picked || save.isPending} onClick={() => set(null, true)}>{t('paintClear')}</button>
          {save.error ? <ProblemView error={save.error} compact /> : null}
        </div>
      ) : null}
    </>
  );
}
