import { useQueryClient } from '@tanstack/react-query';
import { api, type Employee } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { toast } from '@tashi/shared/ui';
import { Select } from 'antd';
import { useState } from 'react';
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

/** Changes one property of all chosen people; the toast takes it back. */
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
  const [busy, setBusy] = useState(false);
  const options = { role_id: roles, department_id: departments, calendar_id: calendars, policy_id: policies };

  const apply = async (which: Field, next: string) => {
    setBusy(true);
    const changed: { before: string | null; after: Employee }[] = [];
    const failed: string[] = [];
    for (const row of rows) {
      try {
        const after = await api.patch<Employee>('/employees/{id}', { [which]: next }, { params: { id: row.id }, version: row.version });
        changed.push({ before: valueOf(row, which), after });
      } catch {
        failed.push(row.name);
      }
    }
    const refresh = () => Promise.all([
      client.invalidateQueries({ queryKey: ['employees'] }),
      client.invalidateQueries({ queryKey: ['departments'] }),
    ]);
    await refresh();
    setBusy(false);
    setField(null);
    onDone();
    const undo = async () => {
      for (const { before, after } of changed) {
        await api.patch('/employees/{id}', { [which]: before }, { params: { id: after.id }, version: after.version }).catch(() => undefined);
      }
      await refresh();
    };
    const text = failed.length
      ? t('batchPartly', { done: changed.length, failed: failed.length, names: format.names(failed.slice(0, 5)) })
      : t('batchDone', { count: changed.length });
    toast(text, changed.length ? undo : undefined);
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
            <button type="button" className="btn pri" disabled={!value || busy} onClick={() => value && void apply(field, value)}>
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
