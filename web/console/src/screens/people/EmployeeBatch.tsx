import type { Employee } from '@tashi/shared/api';
import { useT } from '@tashi/shared/i18n';
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
  const roles = useOptions(useRoles().data);
  const departments = useDepartmentOptions();
  const calendars = useOptions(useCalendars().data);
  const policies = useOptions(usePolicies().data);
  const [field, setField] = useState<Field | null>(null);
  const [value, setValue] = useState<string | null>(null);
  const options = { role_id: roles, department_id: departments, calendar_id: calendars, policy_id: policies };

  const apply = (which: Field, next: string) => {
    setField(null);
    onDone();
    void runBatch({
      title: t(LABEL[which]),
      path: '/employees/{id}',
      unit: 'people',
      lists: ['employees', 'departments'],
      items: rows.map((row) => ({
        id: row.id,
        name: row.name,
        version: row.version,
        change: { [which]: next },
        before: { [which]: valueOf(row, which) },
      })),
    });
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
            <button type="button" className="btn pri" disabled={!value} onClick={() => value && apply(field, value)}>
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
