import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ApprovalRow } from '@tashi/shared/api';
import { said } from '@tashi/shared/forms/said.ts';
import { useFormat, useLanguage, useT } from '@tashi/shared/i18n';
import { Ago, Avatar, Icon, toast } from '@tashi/shared/ui';
import { useMemo, useState } from 'react';
import { useCan } from '../../app/session';
import { AskReason } from '../../kit/AskReason';
import { DataPage } from '../../kit/DataPage';
import type { Column } from '../../kit/DataTable';
import { FilterSelect } from '../../kit/FilterBar';
import { ProblemView } from '../../kit/ProblemView';
import { useList } from '../../kit/useList';
import { useSearchPatch } from '../../kit/useSearchPatch';
import { Away } from './Away';
import { BOXES, STATUSES, type ApprovalsSearch } from './search';
import { StatusTag } from './StatusTag';
import { approvalText } from './text';
import { useBulk } from './useApprovals';
import './approvals.css';

const FILTERS = ['status'];
const key = (row: ApprovalRow) => row.id;

/** What waits for me, what I handed in, what I was told and what I decided. */
export function ApprovalsScreen() {
  const t = useT(approvalText);
  const format = useFormat();
  const language = useLanguage();
  const navigate = useNavigate();
  const search = useSearch({ from: '/shell/approvals' });
  const patch = useSearchPatch<ApprovalsSearch>();
  const seesAll = useCan('visit.read');
  const box = search.box ?? 'todo';
  const status = box === 'todo' ? undefined : search.status;
  const list = useList<ApprovalRow>(['approvals', 'list'], '/approvals', { box, status }, { count: false });
  const [away, setAway] = useState(false);
  const name = (row: ApprovalRow) => said(row.title, language);
  const columns = useMemo<Column<ApprovalRow>[]>(
    () => [
      { key: 'what', title: t('what'), fixed: true, width: 240, render: (row) => <b className="clip">{said(row.title, language)}</b> },
      { key: 'summary', title: t('summary'), width: 320, render: (row) => <span className="m2 clip">{row.summary.map((one) => `${said(one.label, language)} ${said(one.value, language)}`).join(' · ')}</span> },
      { key: 'requester', title: t('requester'), width: 130, render: (row) => <span className="row g6"><Avatar name={row.employee.name} size="sm" />{row.employee.name}</span> },
      { key: 'department', title: t('department'), width: 110, optional: true, render: (row) => row.department.name },
      ...(box === 'todo'
        ? [{ key: 'since', title: t('since'), width: 120, render: (row: ApprovalRow) => <Ago at={row.asks[0]?.since} /> }]
        : [
            { key: 'status', title: t('status'), width: 100, render: (row: ApprovalRow) => <StatusTag status={row.status} /> },
            { key: 'asked', title: t('waitsFor'), width: 150, render: (row: ApprovalRow) => format.names(row.asked.map((one) => one.name)) },
          ]),
      { key: 'handed', title: t('handedIn'), width: 130, render: (row) => format.dateTime(row.started_at) },
    ],
    [t, format, language, box],
  );
  return (
    <>
      <DataPage
        id={`approvals.${box}`}
        label={t(`box.${box}`)}
        list={list}
        rowKey={key}
        rowName={name}
        columns={columns}
        onOpen={(row) => void navigate({ to: '/approvals/$id', params: { id: row.id } })}
        filtered={status !== undefined}
        filterKeys={box === 'todo' ? undefined : FILTERS}
        onClearFilters={() => patch({ status: undefined })}
        batch={box === 'todo' ? (rows, clear) => <Batch rows={rows} clear={clear} /> : undefined}
        bar={
          <>
            <span className="seg" role="tablist" aria-label={t('boxes')}>
              {BOXES.filter((one) => one !== 'all' || seesAll).map((one) => (
                <button key={one} type="button" role="tab" aria-selected={box === one} className={box === one ? 'on' : ''} onClick={() => patch({ box: one === 'todo' ? undefined : one, status: undefined })}>{t(`box.${one}`)}</button>
              ))}
            </span>
            {box === 'todo' ? null : <FilterSelect label={t('status')} value={status} options={STATUSES.map((one) => ({ value: one, label: t(`status.${one}`) }))} onChange={(next) => patch({ status: next as ApprovalsSearch['status'] })} />}
            <span className="sp" />
            <button type="button" className="btn" onClick={() => setAway(true)}><Icon name="user" size={14} />{t('away')}</button>
          </>
        }
        empty={box === 'todo' ? <><b>{t('emptyTodo')}</b><p>{t('emptyTodoDetail')}</p></> : <><b>{t('emptyOther')}</b><p>{t('emptyOtherDetail')}</p></>}
      />
      {away ? <Away onClose={() => setAway(false)} /> : null}
    </>
  );
}

/** Decides what is chosen; what could not be decided is said by itself. */
function Batch({ rows, clear }: { rows: ApprovalRow[]; clear(): void }) {
  const t = useT(approvalText);
  const bulk = useBulk();
  const [asking, setAsking] = useState(false);
  const run = (action: 'approve' | 'reject', comment?: string) => bulk.mutate({ rows, action, comment }, {
    onSuccess: ({ receipts }) => {
      const refused = receipts.filter((one) => one.status === 'refused');
      setAsking(false);
      clear();
      toast([t('bulkDone', { count: receipts.length - refused.length }), refused.length ? t('bulkRefused', { count: refused.length, why: refused[0]?.detail ?? '' }) : ''].filter(Boolean).join(' · '));
    },
  });
  return (
    <>
      <button type="button" className="btn sm" disabled={bulk.isPending} onClick={() => run('approve')}><Icon name="check" size={14} />{t('bulkApprove')}</button>
      <button type="button" className="btn sm" disabled={bulk.isPending} onClick={() => setAsking(true)}>{t('bulkReject')}</button>
      {bulk.error && !asking ? <ProblemView error={bulk.error} compact /> : null}
      {asking ? <AskReason title={t('bulkReject')} detail={t('rejectDetail')} label={t('bulkReason')} verb={t('reject')} danger busy={bulk.isPending} error={bulk.error} onRun={(reason) => run('reject', reason)} onClose={() => setAsking(false)} /> : null}
    </>
  );
}
