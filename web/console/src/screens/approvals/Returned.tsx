import { newId, type ApprovalPage, type FormRecord, type ObjectRecord } from '@tashi/shared/api';
import type { Value } from '@tashi/shared/forms/index.ts';
import { said } from '@tashi/shared/forms/said.ts';
import { useLanguage, useT } from '@tashi/shared/i18n';
import { Icon, toast } from '@tashi/shared/ui';
import { useState } from 'react';
import { ProblemView } from '../../kit/ProblemView';
import { TestInput } from '../designer/Preview';
import { PersonSelect } from './PersonSelect';
import { approvalText } from './text';
import { useAct, useHandedIn, useResubmit } from './useApprovals';

/** Asked about attendance: corrected on the phone, where it was asked. */
const ASKED = new Set(['leave', 'overtime', 'trip', 'correction']);

/** Sent back to me: corrected and handed in again, with the people I choose where the flow leaves that to me. */
export function Returned({ page }: { page: ApprovalPage }) {
  const t = useT(approvalText);
  const act = useAct(page.id);
  const [editing, setEditing] = useState(false);
  const [chosen, setChosen] = useState<Record<string, string>>({});
  const record = useHandedIn(page, editing);
  const missing = page.chosen.some((one) => one.people.length === 0 && !chosen[one.node]);
  const again = () => act.mutate({ id: newId(), action: 'submit', version: page.version, chosen: Object.fromEntries(Object.entries(chosen).map(([node, id]) => [node, [id]])) }, { onSuccess: () => toast(t('doneSubmit')) });
  return (
    <div className="stack approval-returned">
      <p className="row g6"><Icon name="undo" size={15} className="fg-late" />{t(ASKED.has(page.kind) ? 'returnedAsked' : 'returnedHint')}</p>
      {page.chosen.map((one) => (
        <div key={one.node} className="stack"><span className="s12 m2">{t('chooseFor', { node: page.nodes[one.node] || one.node })}</span><PersonSelect label={t('chooseFor', { node: page.nodes[one.node] || one.node })} value={chosen[one.node] ?? one.people[0]?.id ?? null} onChange={(id) => setChosen(({ [one.node]: _, ...rest }) => (id ? { ...rest, [one.node]: id } : rest))} /></div>
      ))}
      {editing ? null : (
        <div className="row g6">
          {page.content.spec && !ASKED.has(page.kind) ? <button type="button" className="btn pri" onClick={() => setEditing(true)}><Icon name="edit" size={14} />{t('fix')}</button> : null}
          <button type="button" className="btn" disabled={act.isPending || missing} title={missing ? t('chooseFirst') : undefined} onClick={again}>{t('resubmitPlain')}</button>
        </div>
      )}
      {act.error ? <ProblemView error={act.error} compact /> : null}
      {editing && record.error ? <ProblemView error={record.error} compact onRetry={() => record.refetch()} /> : null}
      {editing && record.data ? <Fix page={page} record={record.data} onClose={() => setEditing(false)} /> : null}
    </div>
  );
}

function Fix({ page, record, onClose }: { page: ApprovalPage; record: FormRecord | ObjectRecord; onClose(): void }) {
  const t = useT(approvalText);
  const language = useLanguage();
  const [answers, setAnswers] = useState(record.answers as Record<string, Value>);
  const [reason, setReason] = useState('');
  const send = useResubmit(page, t('fixedAfter'));
  return (
    <div className="record-edit">
      {record.spec.fields.filter((f) => f.calc === undefined && f.type !== 'note').map((field) => (
        <div key={field.key} className="record-field">
          <span className="s12 m2">{said(field.label, language)}</span>
          <TestInput spec={record.spec} field={field} value={answers[field.key] ?? null} values={answers} fixed onChange={(value) => setAnswers({ ...answers, [field.key]: value })} />
        </div>
      ))}
      <label className="stack"><span className="s12 m2">{t('fixReason')}</span><input className="plain-input" maxLength={200} value={reason} onChange={(e) => setReason(e.target.value)} /></label>
      {send.error ? <ProblemView error={send.error} compact /> : null}
      <div className="row g6">
        <button type="button" className="btn" onClick={onClose}>{t('cancel')}</button>
        <button type="button" className="btn pri" disabled={send.isPending} onClick={() => send.mutate({ version: record.version, answers, reason: reason.trim() }, { onSuccess: () => { toast(t('doneSubmit')); onClose(); } })}>{t('resubmit')}</button>
      </div>
    </div>
  );
}
