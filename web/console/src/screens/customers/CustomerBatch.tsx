import { useNavigate } from '@tanstack/react-router';
import type { Customer } from '@tashi/shared/api';
import { useGrades } from '@tashi/shared/grades.ts';
import { commonText, useT } from '@tashi/shared/i18n';
import { Select } from 'antd';
import { useState } from 'react';
import { useCan } from '../../app/session';
import { runBatch } from '../../kit/batch';
import { Modal } from '../../kit/Modal';
import { useActiveEmployees, useOptions } from '../../kit/refs';
import { useShortcuts } from '../../kit/shortcuts';
import { customersText } from './text';

type Change = { owner_id: string | null } | { grade: string | null } | { status: Customer['status'] };

/** What the customer was before, in the words of the same change. */
function before(row: Customer, change: Change): Change {
  if ('owner_id' in change) return { owner_id: row.owner?.id ?? null };
  if ('grade' in change) return { grade: row.grade };
  return { status: row.status };
}

/** Actions for all chosen customers, as long work of the page; every change can be taken back from the toast. */
export function CustomerBatch({ rows, onDone }: { rows: Customer[]; onDone(): void }) {
  const t = useT(customersText);
  const common = useT(commonText);
  const grades = useGrades();
  const navigate = useNavigate();
  const canWrite = useCan('customer.write');
  const canPlan = useCan('task.write');
  const owners = useOptions(useActiveEmployees().data);
  const [dialog, setDialog] = useState<'owner' | 'grade' | null>(null);
  const [value, setValue] = useState<string | null>(null);

  const apply = (title: string, change: Change) => {
    setDialog(null);
    onDone();
    void runBatch({
      title,
      path: '/customers/{id}',
      unit: 'customers',
      lists: ['customers'],
      items: rows.map((row) => ({ id: row.id, name: row.name, version: row.version, change, before: before(row, change) })),
    });
  };

  const assign = () => {
    setDialog('owner');
    setValue(null);
  };
  useShortcuts(canWrite ? [{ keys: 'a', label: t('setOwner'), run: assign }] : []);

  return (
    <>
      {canPlan ? (
        <button type="button" className="btn sm" onClick={() => void navigate({ to: '/planning', search: { customers: rows.map((one) => one.id).join(',') } })}>
          {t('addToPlan')}
        </button>
      ) : null}
      {canWrite ? (
        <>
          <button type="button" className="btn sm" onClick={assign}>{t('setOwner')}</button>
          <button type="button" className="btn sm" onClick={() => { setDialog('grade'); setValue(null); }}>{t('setGrade')}</button>
          <button type="button" className="btn sm" onClick={() => apply(t('archive'), { status: 'archived' })}>{t('archive')}</button>
        </>
      ) : null}
      {dialog ? (
        <Modal
          title={t(dialog === 'owner' ? 'setOwner' : 'setGrade')}
          width={380}
          onClose={() => setDialog(null)}
          foot={
            <button
              type="button"
              className="btn pri"
              disabled={value === null}
              onClick={() => apply(t(dialog === 'owner' ? 'setOwner' : 'setGrade'), dialog === 'owner' ? { owner_id: value } : { grade: value === 'none' ? null : value })}
            >
              {t('apply')}
            </button>
          }
        >
          <Select
            aria-label={t(dialog === 'owner' ? 'owner' : 'grade')}
            style={{ width: '100%' }}
            value={value}
            onChange={setValue}
            showSearch={{ optionFilterProp: 'label' }}
            options={
              dialog === 'owner'
                ? owners
                : [...grades.map((grade) => ({ value: grade, label: common('grade', { grade }) })), { value: 'none', label: t('noGrade') }]
            }
          />
        </Modal>
      ) : null}
    </>
  );
}
