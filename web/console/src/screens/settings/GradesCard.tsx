import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, type CustomerGrades } from '@tashi/shared/api';
import { commonText, useT } from '@tashi/shared/i18n';
import { Icon, toast } from '@tashi/shared/ui';
import { Button, Input } from 'antd';
import { useState } from 'react';
import { ProblemView } from '../../kit/ProblemView';
import { GRADES_KEY, useGradesOfCompany } from '../../shell/useGradesOfCompany';
import { settingsText } from './text';

const MOST = 9;

/** Grades of customers: the company's own list, the best first. */
export function GradesCard({ canWrite }: { canWrite: boolean }) {
  const kept = useGradesOfCompany();
  if (kept.error) return <ProblemView error={kept.error} onRetry={() => void kept.refetch()} compact />;
  return kept.data ? <Grades key={kept.data.version} kept={kept.data} canWrite={canWrite} /> : null;
}

function Grades({ kept, canWrite }: { kept: CustomerGrades; canWrite: boolean }) {
  const t = useT(settingsText);
  const common = useT(commonText);
  const client = useQueryClient();
  // Rows have keys of their own: their names change while they are written.
  const [rows, setRows] = useState(() => kept.items.map((name, key) => ({ key, name })));
  const names = rows.map((row) => row.name.trim());
  const changed = names.length !== kept.items.length || names.some((name, k) => name !== kept.items[k]);
  const save = useMutation({
    mutationFn: () => api.put<CustomerGrades>('/customer-grades', { items: names }, { version: kept.version }),
    onSuccess: (next) => {
      client.setQueryData(GRADES_KEY, next);
      toast(t('grade.saved'));
    },
  });
  const move = (k: number, to: number) =>
    setRows((old) => old.map((row, n) => (n === k ? old[to]! : n === to ? old[k]! : row)));
  return (
    <section className="panel-card" aria-label={t('grade.title')}>
      <h2 className="s14 w7">{t('grade.title')}</h2>
      <p className="s12 m3">{t('grade.intro')}</p>
      <ol className="grade-rows">
        {rows.map((row, k) => (
          <li key={row.key} className="row g6">
            <span className="s12 m3 tabular">{k + 1}</span>
            <Input aria-label={t('grade.name', { place: k + 1 })} value={row.name} maxLength={8} disabled={!canWrite} onChange={(event) => setRows(rows.map((one) => (one.key === row.key ? { ...one, name: event.target.value } : one)))} />
            {canWrite ? (
              <>
                <button type="button" className="icb tiny" aria-label={t('grade.up', { name: row.name })} title={t('grade.up', { name: row.name })} disabled={k === 0} onClick={() => move(k, k - 1)}><Icon name="up" size={14} /></button>
                <button type="button" className="icb tiny" aria-label={t('grade.drop', { name: row.name })} title={t('grade.drop', { name: row.name })} disabled={rows.length === 1} onClick={() => setRows(rows.filter((one) => one.key !== row.key))}><Icon name="close" size={14} /></button>
              </>
            ) : null}
          </li>
        ))}
      </ol>
      {canWrite ? (
        <p className="row g6">
          <button type="button" className="btn sm" disabled={rows.length >= MOST} onClick={() => setRows([...rows, { key: Math.max(...rows.map((one) => one.key)) + 1, name: '' }])}><Icon name="plus" size={14} />{t('grade.add')}</button>
          {changed ? (
            <>
              <Button type="primary" size="small" loading={save.isPending} disabled={names.some((name) => !name)} onClick={() => save.mutate()}>{common('save')}</Button>
              <Button size="small" onClick={() => setRows(kept.items.map((name, key) => ({ key, name })))}>{common('cancel')}</Button>
            </>
          ) : null}
        </p>
      ) : null}
      {save.error ? <ProblemView error={save.error} compact onRetry={() => void client.invalidateQueries({ queryKey: GRADES_KEY })} /> : null}
    </section>
  );
}
