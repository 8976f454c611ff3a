import { Link } from '@tanstack/react-router';
import { api, type ObjectFace, type ObjectRecord } from '@tashi/shared/api';
import { said } from '@tashi/shared/forms/said.ts';
import { useFormat, useLanguage, useT } from '@tashi/shared/i18n';
import { Icon, SkeletonRows, toast } from '@tashi/shared/ui';
import { useState } from 'react';
import { AskReason } from '../../kit/AskReason';
import { EntityDrawer } from '../../kit/EntityDrawer';
import { ProblemView } from '../../kit/ProblemView';
import { useActiveEmployees, useOptions } from '../../kit/refs';
import { StatusTag } from '../approvals/StatusTag';
import { Answers, type Told } from '../designer/RecordsTab';
import { RecordForm } from './RecordForm';
import { objectsText } from './text';
import { useRecord, useRecordWrites } from './useObjects';

/** One record: what it says, what it refers to, and what it said before. */
export function RecordDrawer({ face, id, editing, onEdit, onClose }: { face: ObjectFace; id: string; editing: boolean; onEdit(on: boolean): void; onClose(): void }) {
  const language = useLanguage();
  const record = useRecord(face.key, id);
  const name = said(face.name, language) || face.key;
  if (record.error) return <EntityDrawer title={name} onClose={onClose}><div className="drawer-pad"><ProblemView error={record.error} onRetry={() => record.refetch()} /></div></EntityDrawer>;
  if (!record.data) return <EntityDrawer title={name} onClose={onClose}><SkeletonRows /></EntityDrawer>;
  if (editing && record.data.may_change) return <RecordForm face={face} record={record.data} onClose={() => onEdit(false)} onSaved={() => onEdit(false)} />;
  return <RecordCard face={face} record={record.data} onEdit={() => onEdit(true)} onClose={onClose} />;
}

function RecordCard({ face, record, onEdit, onClose }: { face: ObjectFace; record: ObjectRecord; onEdit(): void; onClose(): void }) {
  const t = useT(objectsText);
  const format = useFormat();
  const told: Told = { ...record, fileUrl: (id) => api.url('/objects/{key}/records/{id}/files/{file_id}', { params: { key: face.key, id: record.id, file_id: id } }) };
  const [asks, setAsks] = useState<'owner' | 'delete' | null>(null);
  const customers = record.spec.fields.filter((one) => one.type === 'reference' && one.to === 'customer').map((one) => String(record.answers[one.key] ?? '')).filter((one) => record.names[one]);
  return (
    <EntityDrawer
      title={record.title}
      subtitle={format.dots([record.title === record.code ? null : record.code, record.owner.name, record.department.name])}
      link={`/business/${face.key}?record=${record.id}`}
      onClose={onClose}
      menu={[
        ...(record.may_change ? [{ key: 'owner', icon: 'user' as const, label: t('handOver'), run: () => setAsks('owner') }] : []),
        ...(record.may_delete ? [{ key: 'delete', icon: 'trash' as const, label: t('delete'), run: () => setAsks('delete'), divided: true }] : []),
      ]}
      foot={
        <>
          <span className="s12 m3">{t('madeBy', { name: record.created_by.name, time: format.dateTime(record.created_at) })}</span>
          {record.approval ? <Link to="/approvals/$id" params={{ id: record.approval.id }} className="btn">{t('seeApproval')}</Link> : null}
          {record.may_change ? <button type="button" className="btn end" onClick={onEdit}><Icon name="edit" size={14} />{t('edit')}</button> : null}
        </>
      }
    >
      <div className="drawer-pad record">
        <p className="row g6 s12 m2">
          <span className="tag">{t('published', { n: record.number })}</span>
          {record.approval ? <StatusTag status={record.approval.status} /> : null}
          {record.score === null ? null : <span>{t('score', { n: format.number(record.score) })}</span>}
          {record.edits ? <span className="fg-late">{t('edits', { count: record.edits })}</span> : null}
        </p>
        <Answers record={told} fields={record.spec.fields} answers={record.answers} />
        {customers.length ? <p className="row g6">{customers.map((one) => <Link key={one} to="/customers/$id" params={{ id: one }} className="btn sm"><Icon name="store" size={14} />{record.names[one]}</Link>)}</p> : null}
        {record.history.length ? (
          <section className="section">
            <h3 className="s14 w7">{t('history')}</h3>
            {record.history.map((one, k) => (
              <div key={k} className="record-before">
                <p><b>{one.by.name}</b> {t(`kind.${one.kind}`)} <span className="m3">{format.dateTime(one.at)}</span></p>
                <p className="m2">{one.reason}</p>
                {one.kind === 'owner' ? <p className="s12 m3">{t('ownerWas', { name: one.owner.name })}</p> : <details><summary className="s12">{t('was')}</summary><Answers record={told} fields={record.spec.fields} answers={one.before} /></details>}
              </div>
            ))}
          </section>
        ) : null}
      </div>
      {asks === 'owner' ? <HandOver face={face} record={record} onClose={() => setAsks(null)} /> : null}
      {asks === 'delete' ? <Remove face={face} record={record} onClose={() => setAsks(null)} onGone={onClose} /> : null}
    </EntityDrawer>
  );
}

function HandOver({ face, record, onClose }: { face: ObjectFace; record: ObjectRecord; onClose(): void }) {
  const t = useT(objectsText);
  const { change } = useRecordWrites(face.key);
  const people = useOptions(useActiveEmployees().data);
  const [to, setTo] = useState('');
  return (
    <AskReason
      title={t('handOverTitle', { name: record.title })} detail={t('handOverDetail')} label={t('handOverReason')} verb={t('handOver')} busy={change.isPending} error={change.error} ready={to !== ''} onClose={onClose}
      onRun={(reason) => change.mutate({ id: record.id, version: record.version, owner_id: to, reason }, { onSuccess: () => { toast(t('handed')); onClose(); } })}
    >
      <label>
        <span>{t('handOverTo')}</span>
        <select className="plain-input" value={to} onChange={(e) => setTo(e.target.value)}>
          <option value="">{t('choose')}</option>
          {people.filter((one) => one.value !== record.owner.id).map((one) => <option key={one.value} value={one.value}>{one.label}</option>)}
        </select>
      </label>
    </AskReason>
  );
}

function Remove({ face, record, onClose, onGone }: { face: ObjectFace; record: ObjectRecord; onClose(): void; onGone(): void }) {
  const t = useT(objectsText);
  const { remove } = useRecordWrites(face.key);
  return (
    <AskReason
      danger title={t('deleteTitle', { name: record.title })} detail={t('deleteDetail')} label={t('deleteReason')} verb={t('delete')} busy={remove.isPending} error={remove.error} onClose={onClose}
      onRun={(reason) => remove.mutate({ id: record.id, version: record.version, reason }, { onSuccess: () => { toast(t('deleted')); onGone(); } })}
    />
  );
}
