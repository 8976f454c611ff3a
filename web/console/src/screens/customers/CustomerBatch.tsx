import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { api, type Customer, type Grade } from '@tashi/shared/api';
import { commonText, useFormat, useT } from '@tashi/shared/i18n';
import { toast } from '@tashi/shared/ui';
import { Select } from 'antd';
import { useState } from 'react';
import { useCan } from '../../app/session';
import { Modal } from '../../kit/Modal';
import { useActiveEmployees, useOptions } from '../../kit/refs';
import { customersText } from './text';

type Change = { owner_id: string | null } | { grade: Grade | null } | { status: Customer['status'] };

/** What the customer was before, in the words of the same change. */
function before(row: Customer, change: Change): Change {
  if ('owner_id' in change) return { owner_id: row.owner?.id ?? null };
  if ('grade' in change) return { grade: row.grade };
  return { status: row.status };
}

/** Actions for all chosen customers; every change can be taken back from the toast. */
export function CustomerBatch({ rows, onDone }: { rows: Customer[]; onDone(): void }) {
  const t = useT(customersText);
  const common = useT(commonText);
  const format = useFormat();
  const client = useQueryClient();
  const navigate = useNavigate();
  const canWrite = useCan('customer.write');
  const canPlan = useCan('task.write');
  const owners = useOptions(useActiveEmployees().data);
  const [dialog, setDialog] = useState<'owner' | 'grade' | null>(null);
  const [value, setValue] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  const apply = async (change: Change) => {
    setBusy(true);
    const changed: { undo: Change; after: Customer }[] = [];
    const failed: string[] = [];
    for (const row of rows) {
      try {
        const after = await api.patch<Customer>('/customers/{id}', change, { params: { id: row.id }, version: row.version });
        changed.push({ undo: before(row, change), after });
      } catch {
        failed.push(row.name);
      }
    }
    const refresh = () => client.invalidateQueries({ queryKey: ['customers'] });
    await refresh();
    setBusy(false);
    setDialog(null);
    onDone();
    toast(
      failed.length
        ? t('batchPartly', { done: changed.length, failed: failed.length, names: format.names(failed.slice(0, 5)) })
        : t('batchDone', { count: changed.length }),
      changed.length
        ? async () => {
            for (const { undo, after } of changed) {
              await api.patch('/customers/{id}', undo, { params: { id: after.id }, version: after.version }).catch(() => undefined);
            }
            await refresh();
          }
        : undefined,
    );
  };

  return (
    <>
      {canPlan ? (
        <button type="button" className="btn sm" onClick={() => void navigate({ to: '/planning', search: { customers: rows.map((one) => one.id).join(',') } })}>
          {t('addToPlan')}
        </button>
      ) : null}
      {canWrite ? (
        <>
          <button type="button" className="btn sm" onClick={() => { setDialog('owner'); setValue(null); }}>{t('setOwner')}</button>
          <button type="button" className="btn sm" onClick={() => { setDialog('grade'); setValue(null); }}>{t('setGrade')}</button>
          <button type="button" className="btn sm" disabled={busy} onClick={() => void apply({ status: 'archived' })}>{t('archive')}</button>
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
              disabled={value === null || busy}
              onClick={() => void apply(dialog === 'owner' ? { owner_id: value } : { grade: value === 'none' ? null : (value as Grade) })}
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
                : [...(['A', 'B', 'C'] as const).map((grade) => ({ value: grade, label: common('grade', { grade }) })), { value: 'none', label: t('noGrade') }]
            }
          />
        </Modal>
      ) : null}
    </>
  );
}
