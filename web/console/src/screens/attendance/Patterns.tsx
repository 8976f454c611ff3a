import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, newId, type ShiftPattern, type WorkShift } from '@tashi/shared/api';
import { commonText, useFormat, useT } from '@tashi/shared/i18n';
import { Icon, toast } from '@tashi/shared/ui';
import { useState } from 'react';
import { useCan } from '../../app/session';
import { ProblemView } from '../../kit/ProblemView';
import { useActiveEmployees, useDepartmentOptions } from '../../kit/refs';
import { attendanceText } from './text';

/** Weekly patterns of departments and people, from a day on. */
export function Patterns({ shifts }: { shifts: WorkShift[] }) {
  const t = useT(attendanceText);
  const format = useFormat();
  const client = useQueryClient();
  const mayWrite = useCan('org.write');
  const [adding, setAdding] = useState(false);
  const found = useQuery({ queryKey: ['attendance', 'patterns'], queryFn: () => api.get<{ items: ShiftPattern[] }>('/shift-patterns') });
  const remove = useMutation({
    mutationFn: (id: string) => api.delete('/shift-patterns/{id}', { params: { id } }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['attendance'] }),
  });
  const week = (one: ShiftPattern) => one.week === null
    ? t('backToCalendar')
    : format.dots(one.week.map((id, i) => `${format.weekday(i + 1)} ${shifts.find((shift) => shift.id === id)?.short ?? t('restWord')}`));
  return (
    <section className="patterns">
      <header className="row"><h3>{t('patterns')}</h3><span className="sp" />{mayWrite && !adding ? <button type="button" className="btn sm" onClick={() => setAdding(true)}><Icon name="plus" size={14} />{t('patternAdd')}</button> : null}</header>
      {adding ? <Add shifts={shifts.filter((one) => !one.retired)} onClose={() => setAdding(false)} /> : null}
      {found.error ? <ProblemView error={found.error} compact onRetry={found.refetch} /> : null}
      {remove.error ? <ProblemView error={remove.error} compact /> : null}
      {found.data?.items.length === 0 ? <p className="m3">{t('patternNone')}</p> : null}
      <ul>
        {found.data?.items.map((one) => (
          <li key={one.id}>
            <b>{one.employee?.name ?? one.department?.name}</b><span className="m2">{t('patternSince', { day: format.day(one.from) })}</span><span className="sp">{week(one)}</span>
            {mayWrite ? <button type="button" className="icb small" aria-label={t('patternDelete')} title={t('patternDelete')} onClick={() => remove.mutate(one.id)}><Icon name="trash" size={15} /></button> : null}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Add({ shifts, onClose }: { shifts: WorkShift[]; onClose(): void }) {
  const t = useT(attendanceText);
  const common = useT(commonText);
  const format = useFormat();
  const client = useQueryClient();
  const departments = useDepartmentOptions();
  const people = useActiveEmployees();
  const [target, setTarget] = useState('');
  const [from, setFrom] = useState(format.today());
  const [week, setWeek] = useState<(string | null)[]>(() => [0, 1, 2, 3, 4, 5, 6].map((i) => (i < 5 ? shifts[0]?.id ?? null : null)));
  const [id] = useState(newId);
  const [kind, of] = target.split(':');
  const save = useMutation({
    mutationFn: () => api.post('/shift-patterns', { id, from, week, ...(kind === 'd' ? { department_id: of } : { employee_id: of }) }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['attendance'] });
      toast(t('saved'));
      onClose();
    },
  });
  return (
    <form onSubmit={(event) => { event.preventDefault(); if (target) save.mutate(); }}>
      <label>{t('patternFor')}
        <select value={target} onChange={(event) => setTarget(event.target.value)}>
          <option value="">–</option>
          <optgroup label={t('department')}>{departments.map((one) => <option key={one.value} value={`d:${one.value}`}>{one.label}</option>)}</optgroup>
          <optgroup label={t('person')}>{(people.data ?? []).map((one) => <option key={one.id} value={`p:${one.id}`}>{one.name}</option>)}</optgroup>
        </select>
      </label>
      <label>{t('patternFrom')}<input type="date" required value={from} onChange={(event) => event.target.value && setFrom(event.target.value)} /></label>
      {week.map((one, i) => (
        <label key={i}>{format.weekday(i + 1)}
          <select value={one ?? ''} onChange={(event) => setWeek(week.map((old, at) => (at === i ? event.target.value || null : old)))}>
            <option value="">{t('rest')}</option>
            {shifts.map((shift) => <option key={shift.id} value={shift.id}>{shift.name}</option>)}
          </select>
        </label>
      ))}
      <button type="submit" className="btn pri" disabled={!target || save.isPending}>{t('add')}</button>
      <button type="button" className="btn" onClick={onClose}>{common('cancel')}</button>
      {save.error ? <ProblemView error={save.error} compact /> : null}
    </form>
  );
}
