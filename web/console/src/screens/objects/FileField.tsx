import { api, newId, type FormFile, type ObjectFace, type ObjectRecord } from '@tashi/shared/api';
import type { Field, Value } from '@tashi/shared/forms/index.ts';
import { bytesText, useT } from '@tashi/shared/i18n';
import { Icon } from '@tashi/shared/ui';
import { useRef, useState } from 'react';
import { ProblemView } from '../../kit/ProblemView';
import { objectsText } from './text';

const LIMIT = 20 * 1024 * 1024;
const DOCUMENTS = '.pdf,.doc,.docx,.xls,.xlsx,.ppt,.pptx,.txt,.csv,.jpg,.jpeg,.png,.webp,.mp4,.webm';

/** What is sent as a file: its own kinds, and a signature, which is one picture. */
export const isFiled = (field: Field): boolean => field.type === 'file' || field.type === 'photo' || field.type === 'signature';

/** Files and pictures chosen at the desk: sent at once, named by the answer. */
export function FileField({ face, record, field, label, value, onChange }: { face: ObjectFace; record: ObjectRecord | null; field: Field; label: string; value: Value; onChange(value: Value): void }) {
  const t = useT(objectsText);
  const input = useRef<HTMLInputElement>(null);
  const [sent, setSent] = useState<FormFile[]>([]);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [tooBig, setTooBig] = useState(false);
  const one = field.type === 'signature';
  const ids = typeof value === 'string' ? [value] : Array.isArray(value) ? (value as string[]) : [];
  const most = field.type === 'file' || field.type === 'photo' ? (field.max ?? 9) : 1;
  const put = (next: string[]) => onChange(next.length === 0 ? null : one ? next[0]! : next);
  const send = async (chosen: File[]) => {
    setError(null);
    setTooBig(chosen.some((file) => file.size > LIMIT));
    setBusy(true);
    const all = [...ids];
    try {
      for (const file of chosen.filter((each) => each.size <= LIMIT).slice(0, most - ids.length)) {
        const answer = await api.fetch('POST', '/form-files', file, { query: { id: newId(), name: file.name.slice(-200) || 'file' }, headers: { 'Content-Type': 'application/octet-stream' } });
        const known = (await answer.json()) as FormFile;
        setSent((before) => [...before, known]);
        all.push(known.id);
      }
    } catch (problem) {
      setError(problem);
    }
    setBusy(false);
    if (all.length > ids.length) put(all);
  };
  const fileOf = (id: string) => sent.find((file) => file.id === id) ?? record?.files.find((file) => file.id === id);
  const urlOf = (id: string) => (sent.some((file) => file.id === id) ? api.url('/form-files/{id}', { params: { id } }) : api.url('/objects/{key}/records/{id}/files/{file_id}', { params: { key: face.key, id: record?.id ?? '', file_id: id } }));
  return (
    <div className="stack">
      {field.type === 'file' ? null : <span className="record-pictures">{ids.filter(fileOf).map((id) => <a key={id} href={urlOf(id)} target="_blank" rel="noreferrer"><img src={urlOf(id)} alt={label} loading="lazy" /></a>)}</span>}
      <ul className="record-files">
        {ids.map((id, n) => {
          const file = fileOf(id);
          const name = file?.name ?? t('fileN', { n: n + 1 });
          return (
            <li key={id} className="row g6">
              <Icon name={field.type === 'file' ? 'file' : 'image'} size={15} className="m3" />
              {file ? <a href={urlOf(id)} target="_blank" rel="noreferrer">{name}</a> : <span className="m3">{name}</span>}
              {file ? <span className="s12 m3 nw">{bytesText(file.size)}</span> : null}
              <button type="button" className="icb tiny" aria-label={t('fileOut', { name })} title={t('fileOut', { name })} onClick={() => put(ids.filter((each) => each !== id))}><Icon name="close" size={12} /></button>
            </li>
          );
        })}
      </ul>
      {ids.length >= most ? null : <button type="button" className="btn sm file-choose" disabled={busy} onClick={() => input.current?.click()}><Icon name="upload" size={14} />{t(busy ? 'fileSending' : field.type === 'file' ? 'fileChoose' : 'pictureChoose')}</button>}
      <input ref={input} type="file" hidden multiple={most > 1} accept={field.type === 'file' ? DOCUMENTS : 'image/jpeg,image/png,image/webp'} aria-label={label} onChange={(e) => { void send([...(e.target.files ?? [])]); e.target.value = ''; }} />
      {tooBig ? <span className="s12 fg-problem" role="alert">{t('fileTooBig')}</span> : null}
      {error ? <ProblemView error={error} compact /> : null}
    </div>
  );
}
