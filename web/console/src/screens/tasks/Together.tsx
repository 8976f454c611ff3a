import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api, newId, type Id, type Task } from '@tashi/shared/api';
import { commonText, useT } from '@tashi/shared/i18n';
import { TaskBadge, toast } from '@tashi/shared/ui';
import { Select } from 'antd';
import { useMemo, useState } from 'react';
import { ProblemView } from '../../kit/ProblemView';
import { useActiveEmployees } from '../../kit/refs';
import { tasksText } from './text';

/** Who comes along with the first, as the server takes them. */
const MOST = 5;

interface Person {
  value: Id;
  label: string;
  search: string;
}

/** Several people, found by name or pinyin. */
export function PeopleSelect({ label, placeholder, people, value, onChange }: { label: string; placeholder: string; people: readonly Person[]; value: Id[]; onChange(next: Id[]): void }) {
  return (
    <Select
      mode="multiple"
      aria-label={label}
      placeholder={placeholder}
      value={value}
      options={[...people]}
      maxCount={MOST}
      showSearch={{ filterOption: (input, option) => option?.search.includes(input.toLowerCase()) ?? false }}
      onChange={onChange}
    />
  );
}

/** Who comes along to a task, how it stands with each, and somebody more. */
export function Crew({ task, canWrite }: { task: Task; canWrite: boolean }) {
  const t = useT(tasksText);
  const [adding, setAdding] = useState(false);
  return (
    <span className="task-crew">
      {task.crew.map((one) => (
        <span key={one.task_id} className="row g6">
          <Link to="/tasks" search={{ task: one.task_id, from: one.day, to: one.day } as never}>{one.employee.name}</Link>
          <TaskBadge status={one.status} />
        </span>
      ))}
      {task.crew.length ? null : <span className="m3">{t('withNobody')}</span>}
      {canWrite && task.crew.length < MOST && !adding ? <button type="button" className="btn link sm" onClick={() => setAdding(true)}>{t('help')}</button> : null}
      {adding ? <Helper task={task} onDone={() => setAdding(false)} /> : null}
    </span>
  );
}

function Helper({ task, onDone }: { task: Task; onDone(): void }) {
  const t = useT(tasksText);
  const common = useT(commonText);
  const client = useQueryClient();
  const employees = useActiveEmployees();
  // Another person is another task: the same one asked for again is the same.
  const [chosen, setChosen] = useState<{ id: Id; person: Id }>();
  const people = useMemo(() => {
    const there = new Set([task.employee.id, ...task.crew.map((one) => one.employee.id)]);
    return (employees.data ?? []).filter((one) => !there.has(one.id)).map((one) => ({ value: one.id, label: one.name, search: `${one.name} ${one.pinyin}`.toLowerCase() }));
  }, [employees.data, task]);
  const send = useMutation({
    mutationFn: () => api.post<Task>('/tasks/{id}/helpers', { id: chosen?.id, employee_id: chosen?.person }, { params: { id: task.id } }),
    onSuccess: async (made) => {
      await Promise.all([['tasks'], ['plans'], ['board']].map((queryKey) => client.invalidateQueries({ queryKey })));
      toast(t('helped', { name: made.employee.name, customer: made.customer.name }));
      onDone();
    },
  });
  return (
    <span className="task-skills-edit">
      <Select
        aria-label={t('helpWho')}
        placeholder={t('personChoose')}
        value={chosen?.person}
        options={people}
        showSearch={{ filterOption: (input, option) => option?.search.includes(input.toLowerCase()) ?? false }}
        onChange={(person) => setChosen(person ? { id: newId(), person } : undefined)}
      />
      <span className="row g6">
        <button type="button" className="btn sm pri" disabled={!chosen || send.isPending} onClick={() => send.mutate()}>{t('helpDo')}</button>
        <button type="button" className="btn sm" onClick={onDone}>{common('cancel')}</button>
      </span>
      {send.error ? <ProblemView error={send.error} compact /> : null}
    </span>
  );
}
