import { useMutation } from '@tanstack/react-query';
import { api, newId, type ApprovalFile, type Id } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { Icon } from '@tashi/shared/ui';
import { useRef } from 'react';
import { ProblemView } from '../../kit/ProblemView';
import { approvalText } from './text';

/** Most files of one thing done, as the server takes them. */
const MOST = 5;
const KINDS = 'image/jpeg,image/png,image/webp,application/pdf,.docx,.xlsx,.pptx,.doc,.xls,.ppt,video/mp4,video/webm';

/** Files that go with the next word: sent when chosen, carried by what is done then. */
export function Attach({ caseId, files, onChange }: { caseId: Id; files: ApprovalFile[]; onChange(change: (files: ApprovalFile[]) => ApprovalFile[]): void }) {
  const t = useT(approvalText);
  const chooser = useRef<HTMLInputElement>(null);
  // The id belongs to the file: sent again after a lost answer, it is one.
  const ids = useRef(new WeakMap<File, Id>());
  // What has not arrived of the last choice: trying again sends only that.
  const left = useRef<File[]>([]);
  const send = useMutation({
    mutationFn: async (chosen: File[]) => {
      left.current = chosen;
      for (const [n, file] of chosen.entries()) {
        const file_id = ids.current.get(file) ?? newId();
        ids.current.set(file, file_id);
        const sent = await api.post<ApprovalFile>('/approvals/{id}/files', file, { params: { id: caseId }, query: { file_id, name: file.name } });
        left.current = chosen.slice(n + 1);
        // Each as it arrives: one that fails after it does not take it out of the list. Onto the list as it is then, for one may have been taken out meanwhile.
        onChange((now) => [...now, sent]);
      }
    },
  });
  return (
    <div className="stack approval-files">
      <span className="row g6">
        <button type="button" className="btn sm" disabled={send.isPending || files.length >= MOST} onClick={() => chooser.current?.click()}><Icon name="plus" size={14} />{t(send.isPending ? 'attaching' : 'attach')}</button>
        <span className="s12 m3">{t('attachHint')}</span>
      </span>
      <input ref={chooser} type="file" hidden multiple aria-label={t('attach')} accept={KINDS} onChange={(e) => { const chosen = [...(e.target.files ?? [])].slice(0, MOST - files.length); e.target.value = ''; if (chosen.length) send.mutate(chosen); }} />
      {files.length ? (
        <ul className="chips" aria-label={t('attached')}>
          {files.map((file) => <li key={file.id}><button type="button" className="tag" aria-label={t('detach', { name: file.name })} title={t('detach', { name: file.name })} onClick={() => onChange((now) => now.filter((one) => one.id !== file.id))}>{file.name} ×</button></li>)}
        </ul>
      ) : null}
      {send.error ? <ProblemView error={send.error} compact onRetry={() => send.mutate(left.current)} /> : null}
    </div>
  );
}

/** Files beside a line of the trail. */
export function TrailFiles({ files }: { files: readonly ApprovalFile[] }) {
  const t = useT(approvalText);
  const format = useFormat();
  if (!files.length) return null;
  return (
    <ul className="trail-files" aria-label={t('attached')}>
      {files.map((file) => (
        <li key={file.id}>
          <a href={api.url('/approval-files/{id}', { params: { id: file.id } })} target="_blank" rel="noreferrer"><Icon name={file.mime.startsWith('image/') ? 'camera' : 'report'} size={14} /> {file.name}</a>
          <span className="s12 m3"> {t('fileSize', { size: format.number(Math.max(1, Math.round(file.size / 1024))) })}</span>
        </li>
      ))}
    </ul>
  );
}
