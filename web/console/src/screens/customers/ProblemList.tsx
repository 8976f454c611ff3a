import { useMutation } from '@tanstack/react-query';
import { api, newId, type Problem360 } from '@tashi/shared/api';
import { daysBetween, useFormat, useT } from '@tashi/shared/i18n';
import { Icon, toast } from '@tashi/shared/ui';
import { useState } from 'react';
import { ProblemView } from '../../kit/ProblemView';
import { customersText } from './text';

/** What is still to be done at this customer; the phone shows the same list at the door. */
export function ProblemList({ customerId, problems, canWrite, onChanged }: {
  customerId: string;
  problems: Problem360[];
  canWrite: boolean;
  onChanged(): Promise<unknown>;
}) {
  const t = useT(customersText);
  const format = useFormat();
  const [text, setText] = useState('');
  const add = useMutation({
    mutationFn: () => api.post('/customers/{id}/problems', { id: newId(), text: text.trim() }, { params: { id: customerId } }),
    onSuccess: async () => {
      setText('');
      await onChanged();
    },
  });
  const close = useMutation({
    mutationFn: (problem: Problem360) => api.post('/problems/{id}/close', {}, { params: { id: problem.id } }),
    onSuccess: async (_, problem) => {
      await onChanged();
      toast(t('problemDone', { text: problem.text }));
    },
  });
  const open = problems.filter((one) => !one.closed_at);
  return (
    <>
      {canWrite ? (
        <form
          className="row"
          onSubmit={(event) => {
            event.preventDefault();
            if (text.trim()) add.mutate();
          }}
        >
          <input className="plain-input" aria-label={t('problemPlaceholder')} placeholder={t('problemPlaceholder')} maxLength={200} value={text} onChange={(event) => setText(event.target.value)} />
          <button type="submit" className="btn" disabled={!text.trim() || add.isPending}>{t('addProblem')}</button>
        </form>
      ) : null}
      {add.error ?? close.error ? <ProblemView error={add.error ?? close.error} compact /> : null}
      {open.length === 0 ? <p className="m2" style={{ marginTop: 12 }}>{t('noProblems')}</p> : null}
      <ul>
        {open.map((one) => {
          const days = daysBetween(format.dayOf(one.opened_at), format.today());
          return (
            <li key={one.id} className="row problem-line">
              <Icon name="warn" className="fg-late" />
              <span style={{ flex: 1 }}>
                {one.text}
                <span className="sub" style={{ display: 'block' }} title={format.dateTime(one.opened_at)}>
                  {days > 0 ? t('openSince', { name: one.opened_by.name, days }) : t('openToday', { name: one.opened_by.name })}
                </span>
              </span>
              {canWrite ? <button type="button" className="btn sm" disabled={close.isPending} onClick={() => close.mutate(one)}>{t('closeProblem')}</button> : null}
            </li>
          );
        })}
      </ul>
    </>
  );
}
