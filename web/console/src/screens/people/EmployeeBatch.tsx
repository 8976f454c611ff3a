import { useQueryClient } from '@tanstack/react-query';
import { api, type Employee } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { toast } from '@tashi/shared/ui';
import { Select } from 'antd';
import { useState } from 'react';
import { runBatch } from '../../kit/batch';
import { indented } from '../../kit/FilterBar';
import { Modal } from '../../kit/Modal';
import { useCalendars, useDepartmentOptions, useOptions, usePolicies, useRoles } from '../../kit/refs';
import { peopleText } from './text';

type Field = 'role_id' | 'department_id' | 'calendar_id' | 'policy_id';
const LABEL: Record<Field, 'setRole' | 'setDepartment' | 'setCalendar' | 'setPolicy'> = {
  role_id: 'setRole',
  department_id: 'setDepartment',
  calendar_id: 'setCalendar',
  policy_id: 'setPolicy',
};

function valueOf(row: Employee, field: Field): string | null {
  if (field === 'role_id') return row.role.id;
  if (field === 'department_id') return row.department.id;
  return row[field];
}

/** Changes one property of all chosen people, as long work of the page; the toast takes it back. */
export function EmployeeBatch({ rows, onDone }: { rows: Employee[]; onDone(): void }) {
  const t = useT(peopleText);
  const format = useFormat();
  const client = useQueryClient();
  const roles = useOptions(useRoles().data);
  const departments = useDepartmentOptions();
  const calendars = useOptions(useCalendars().data);
  const policies = useOptions(usePolicies().data);
  const [field, setField] = useState<Field | null>(null);
  const [value, setValue] = useState<string | null>(null);
  const options = { role_id: roles, department_id: departments, calendar_id: calendars, policy_id: policies };

  const apply = async (which: Field, next: string) => {
    const title = t(LABEL[which]);
    setField(null);
    onDone();
    const refresh = () => Promise.all([
      client.invalidateQueries({ queryKey: ['employees'] }),
      client.invalidateQueries({ queryKey: ['departments'] }),
    ]);
    const { changed, failed, stopped } = await runBatch(title, rows, (row) =>
      api.patch<Employee>('/employees/{id}', { [which]: next }, { params: { id: row.id }, version: row.version }));
    await refresh();
    const named = (all: typeof failed) => ({ failed: all.length, names: format.names(all.slice(0, 5).map((one) => format.aside(one.row.name, one.reason))) });
    const undo = async () => {
      const back = await runBatch(t('batchUndo', { title }), changed, ({ row, after }) =>
        api.patch('/employees/{id}', { [which]: valueOf(row, which) }, { params: { id: after.id }, version: after.version }));
      await refresh();
      const kept = back.failed.map(({ row, reason }) => ({ row: row.row, reason }));
      toast(kept.length ? t('batchUndoPartly', { done: back.changed.length, ...named(kept) }) : t('batchUndone', { count: back.changed.length }));
    };
    toast(
      failed.length ? t('batchPartly', { done: changed.length, ...named(failed) })
      : stopped ? t('batchStopped', { done: changed.length, rest: rows.length - changed.length })
      : t('batchDone', { count: changed.length }),
      changed.length ? undo : undefined,
    );
  };

  return (
    <>
      {(Object.keys(LABEL) as Field[]).map((one) => (
        <button key={one} type="button" className="btn sm" onClick={() => { setField(one); setValue(null); }}>
          {t(LABEL[one])}
        </button>
      ))}
      {field ? (
        <Modal
          title={t(LABEL[field])}
          width={400}
          onClose={() => setField(null)}
          foot={
            <button type="button" className="btn pri" disabled={!value} onClick={() => value && void apply(field, value)}>
              {t('apply')}
            </button>
          }
        >
          <Select
            aria-label={t(LABEL[field])}
            style={{ width: '100%' }}
            value={value}
            onChange={setValue}
            options={options[field]}
            optionRender={indented}
            showSearch={{ optionFilterProp: 'label' }}
          />
        </Modal>
      ) : null}
    </>
  );
}
