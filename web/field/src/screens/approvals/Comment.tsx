import { useRef, useState } from 'react';
import { type ApprovalFile, type ApprovalPage, type ApiProblem, type NewAction, toProblem } from '@tashi/shared/api';
import { newId } from '@tashi/shared/api/id.ts';
import { useLanguage, useT } from '@tashi/shared/i18n';
import { bytesText } from '@tashi/shared/i18n/bytes.ts';
import { Icon, problemText, toast } from '@tashi/shared/ui';
import { download } from '../../app/bytes.ts';
import { client } from '../../app/session.ts';
import { approvalText } from './text.ts';

const MOST = 5;
const KINDS = 'image/jpeg,image/png,image/webp,application/pdf,.docx,.xlsx,.pptx,.doc,.xls,.ppt,video/mp4,video/webm';

/** A word about the case, with files. It needs the network: nothing of it is kept for later, and it says so. */
export function Comment({ page, online, onDone }: { page: ApprovalPage; online: boolean; onDone: () => Promise<void> }) {
  const t = useT(approvalText);
  const language = useLanguage();
  const chooser = useRef<HTMLInputElement>(null);
  const [words, setWords] = useState('');
  const [files, setFiles] = useState<ApprovalFile[]>([]);
  const [busy, setBusy] = useState(false);
  // The same word tried again after a lost answer counts once.
  const last = useRef<{ what: string; id: string } | null>(null);
  const failed = (error: unknown) => toast(t('failed', { why: toProblem(error).fields[0]?.message ?? problemText(toProblem(error), language).title }));
  const take = async (chosen: File[]) => {
    setBusy(true);
    try {
      for (const file of chosen) {
        const sent = await client.post<ApprovalFile>('/approvals/{id}/files', file, { params: { id: page.id }, query: { file_id: newId(), name: file.name } });
        setFiles((old) => [...old, sent]);
      }
    } catch (error) {
      failed(error);
    } finally {
      setBusy(false);
    }
  };
  const say = async () => {
    setBusy(true);
    try {
      const action: Omit<NewAction, 'id'> = { action: 'comment', comment: words.trim() || undefined, file_ids: files.map((one) => one.id) };
      const what = JSON.stringify(action);
      if (last.current?.what !== what) last.current = { what, id: newId() };
      await client.post<ApprovalPage>('/approvals/{id}/actions', { id: last.current.id, ...action }, { params: { id: page.id } });
      last.current = null;
      setWords('');
      setFiles([]);
      toast(t('doneComment'));
      await onDone();
    } catch (error) {
      failed(error);
    } finally {
      setBusy(false);
    }
  };
  const may = online && !busy;
  return (
    <section className="card mx" style={{ padding: 14, marginTop: 8 }} aria-label={t('comment')}>
      <label className="fld" style={{ paddingTop: 0 }}><span>{t('comment')}</span><textarea rows={2} maxLength={500} value={words} disabled={!online} placeholder={t(online ? 'commentHint' : 'commentOffline')} onChange={(e) => setWords(e.target.value)} style={{ minHeight: 72 }} /></label>
      {files.length ? <ul className="approval-files" aria-label={t('attached')}>{files.map((file) => <li key={file.id}><span className="clip">{file.name}</span><button type="button" className="ib" aria-label={t('detach', { name: file.name })} onClick={() => setFiles(files.filter((one) => one.id !== file.id))}><Icon name="xCircle" size={20} /></button></li>)}</ul> : null}
      <input ref={chooser} type="file" hidden multiple aria-label={t('attach')} accept={KINDS} onChange={(e) => { const chosen = [...(e.target.files ?? [])].slice(0, MOST - files.length); e.target.value = ''; if (chosen.length) void take(chosen); }} />
      <div className="row g8">
        <button type="button" className="chipbtn" disabled={!may || files.length >= MOST} onClick={() => chooser.current?.click()}><Icon name="plus" size={18} />{t('attach')}</button>
        <span className="sp" />
        <button type="button" className="chipbtn" disabled={!may || (!words.trim() && files.length === 0)} onClick={() => void say()}><Icon name="send" size={18} />{t('say')}</button>
      </div>
    </section>
  );
}

/** Gives a file to another app of the phone. */
async function open(file: ApprovalFile, failed: (why: ApiProblem) => void) {
  try {
    const answer = await client.fetch('GET', '/approval-files/{id}', undefined, { params: { id: file.id } });
    download(await answer.blob(), file.name);
  } catch (error) {
    failed(toProblem(error));
  }
}

/** Files beside a line of the trail; they are opened in the browser and need the network. */
export function TrailFiles({ files, online }: { files: readonly ApprovalFile[]; online: boolean }) {
  const t = useT(approvalText);
  const language = useLanguage();
  if (!files.length) return null;
  return (
    <ul className="approval-files" aria-label={t('attached')}>
      {files.map((file) => (
        <li key={file.id}>
          {online ? <button type="button" className="textlink clip" onClick={() => void open(file, (why) => toast(t('failed', { why: problemText(why, language).title })))}>{file.name}</button> : <span className="clip m3">{t('fileOffline', { name: file.name })}</span>}
          <span className="m3 nw">{bytesText(file.size)}</span>
        </li>
      ))}
    </ul>
  );
}
