import type { Task } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { Select } from 'antd';
import { useState } from 'react';
import { AskReason } from '../../kit/AskReason';
import { runBatch } from '../../kit/batch';
import { Modal } from '../../kit/Modal';
import { useActiveEmployees, useOptions } from '../../kit/refs';
import { useShortcuts } from '../../kit/shortcuts';
import { tasksText } from './text';

const LISTS = ['tasks', 'plans', 'board'];

/**
 * Actions for all chosen tasks, as long work of the page. Each task that goes elsewhere can be taken back from the toast; one that
 * is cancelled cannot. What cannot be changed is named with its reason, the rest goes on.
 */
export function TaskBatch({ rows, onDone }: { rows: Task[]; onDone(): void }) {
  const t = useT(tasksText);
  const format = useFormat();
  const people = useOptions(useActiveEmployees().data);
  const [dialog, setDialog] = useState<'person' | 'day' | 'cancel' | null>(null);
  const [person, setPerson] = useState<string | null>(null);
  const [day, setDay] = useState(format.today());
  const begin = (which: 'person' | 'day' | 'cancel') => {
    setDialog(which);
    setPerson(null);
    setDay(format.today());
  };
  useShortcuts([{ keys: 'a', label: t('batch.assign'), run: () => begin('person') }]);

  const end = () => {
    setDialog(null);
    onDone();
  };
  const move = (title: string, where: { employee_id: string } | { day: string }) => {
    end();
    const elsewhere = rows.filter((row) => ('day' in where ? row.day !== where.day : row.employee.id !== where.employee_id));
    if (elsewhere.length === 0) return;
    const items = elsewhere.map((row) => {
      const was = { employee_id: row.employee.id, day: row.day };
      const to = { ...was, ...where };
      return { id: row.id, name: row.customer.name, change: { to, was }, before: { to: was, was: to } };
    });
    void runBatch({ title, path: '/tasks/{id}/move', method: 'post', unit: 'tasks', lists: LISTS, items });
  };
  const cancel = (reason: string) => {
    end();
    const items = rows.map((row) => ({ id: row.id, name: row.customer.name, change: { reason, was: { employee_id: row.employee.id, day: row.day } } }));
    void runBatch({ title: t('batch.cancel'), path: '/tasks/{id}/cancel', method: 'post', unit: 'tasks', lists: LISTS, items });
  };

  return (
    <>
      <button type="button" className="btn sm" onClick={() => begin('person')}>{t('batch.assign')}</button>
      <button type="button" className="btn sm" onClick={() => begin('day')}>{t('batch.day')}</button>
      <button type="button" className="btn sm" onClick={() => begin('cancel')}>{t('batch.cancel')}</button>
      {dialog === 'person' ? (
        <Modal
          title={t('batch.assign')} width={380} onClose={() => setDialog(null)}
          foot={<button type="button" className="btn pri" disabled={!person} onClick={() => person && move(t('batch.assign'), { employee_id: person })}>{t('batch.apply', { count: rows.length })}</button>}
        >
          <Select aria-label={t('employee')} style={{ width: '100%' }} value={person} onChange={setPerson} options={people} showSearch={{ optionFilterProp: 'label' }} />
          <p className="m2 s12" style={{ marginTop: 8 }}>{t('batch.moveDetail')}</p>
        </Modal>
      ) : null}
      {dialog === 'day' ? (
        <Modal
          title={t('batch.day')} width={380} onClose={() => setDialog(null)}
          foot={<button type="button" className="btn pri" onClick={() => move(t('batch.day'), { day })}>{t('batch.apply', { count: rows.length })}</button>}
        >
          <input type="date" className="plain-input" aria-label={t('batch.toDay')} required value={day} min={format.today()} onChange={(event) => event.target.value && setDay(event.target.value)} />
          <p className="m2 s12" style={{ marginTop: 8 }}>{t('batch.moveDetail')}</p>
        </Modal>
      ) : null}
      {dialog === 'cancel' ? (
        <AskReason
          title={t('batch.cancelTitle', { count: rows.length })}
          detail={t('batch.cancelDetail')}
          label={t('cancelReason')}
          placeholder={t('cancelPlaceholder')}
          verb={t('cancelVerb')}
          danger
          busy={false}
          error={null}
          onRun={cancel}
          onClose={() => setDialog(null)}
        />
      ) : null}
    </>
  );
}
