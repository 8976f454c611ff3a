import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, type Practice } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { Avatar, Icon, toast } from '@tashi/shared/ui';
import { useMemo, useState, type ReactNode } from 'react';
import { useCan } from '../../app/session';
import { Confirm } from '../../kit/Confirm';
import { DataPage } from '../../kit/DataPage';
import type { Column } from '../../kit/DataTable';
import { useList } from '../../kit/useList';
import { knowledgeText } from './text';

const rowKey = (row: Practice) => row.id;
const rowName = (row: Practice) => row.employee.name;

/** Who has practised which template. None of it counts anywhere. */
export function Practices({ tabs }: { tabs: ReactNode }) {
  const t = useT(knowledgeText);
  const format = useFormat();
  const client = useQueryClient();
  const canRemove = useCan('task.write');
  const list = useList<Practice>(['practices'], '/practices', {}, { count: false });
  const [removing, setRemoving] = useState<Practice | null>(null);
  const remove = useMutation({
    mutationFn: (id: string) => api.delete<void>('/practices/{id}', { params: { id } }),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['practices'] });
      toast(t('practiceRemoved'));
    },
  });
  const columns = useMemo((): Column<Practice>[] => [
    { key: 'who', title: t('person'), fixed: true, width: 160, render: (row) => <span className="row g6"><Avatar name={row.employee.name} size="sm" />{row.employee.name}</span> },
    { key: 'department', title: t('department'), width: 130, render: (row) => row.department.name },
    { key: 'template', title: t('template'), width: 200, render: (row) => `${row.template.name} · ${t('versionOf', { n: row.steps_version })}` },
    { key: 'steps', title: t('stepsDone'), width: 150, render: (row) => t('stepsOf', { done: row.done, total: row.total, skipped: row.skipped }) },
    { key: 'took', title: t('took'), width: 100, render: (row) => format.duration((Date.parse(row.ended_at) - Date.parse(row.started_at)) / 1000) },
    { key: 'ended', title: t('practisedAt'), width: 140, render: (row) => format.dateTime(row.ended_at) },
    ...(canRemove ? [{ key: 'remove', title: '', width: 60, render: (row: Practice) => <button type="button" className="icb small" aria-label={t('practiceRemove', { name: row.employee.name })} title={t('practiceRemove', { name: row.employee.name })} onClick={(e) => { e.stopPropagation(); setRemoving(row); }}><Icon name="trash" size={14} /></button> }] : []),
  ], [t, format, canRemove]);
  return (
    <>
      <DataPage id="practices" label={t('view.practice')} list={list} rowKey={rowKey} rowName={rowName} columns={columns} filtered={false} onClearFilters={() => undefined} bar={<>{tabs}<span className="m3">{t('practiceHint')}</span></>} empty={<><b>{t('noPractice')}</b><p>{t('noPracticeText')}</p></>} />
      {removing ? <Confirm title={t('practiceRemove', { name: removing.employee.name })} detail={t('practiceRemoveText')} verb={t('remove')} run={() => remove.mutateAsync(removing.id)} onClose={() => setRemoving(null)} /> : null}
    </>
  );
}
