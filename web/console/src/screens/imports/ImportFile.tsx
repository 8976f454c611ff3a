import { useMutation } from '@tanstack/react-query';
import { api, type ImportKind, type ImportPreview } from '@tashi/shared/api';
import { useT } from '@tashi/shared/i18n';
import { Icon } from '@tashi/shared/ui';
import { useRef, useState } from 'react';
import { ProblemView } from '../../kit/ProblemView';
import { importText } from './text';

const MAX_BYTES = 8 * 1024 * 1024;

/** Drop zone and template. The file goes to the server as it is; reading tables is the server's trade. */
export function ImportFile({ kind, onStarted }: { kind: ImportKind; onStarted(preview: ImportPreview): void }) {
  const t = useT(importText);
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const [refused, setRefused] = useState<'tooBig' | 'wrongType' | null>(null);
  const send = useMutation({
    mutationFn: (file: File) => api.post<ImportPreview>('/imports', file, { query: { kind, filename: file.name } }),
    onSuccess: onStarted,
  });

  const take = (file: File | undefined) => {
    if (!file) return;
    const reason = !/\.(csv|xlsx)$/i.test(file.name) ? 'wrongType' : file.size > MAX_BYTES ? 'tooBig' : null;
    setRefused(reason);
    if (!reason) send.mutate(file);
  };

  return (
    <>
      <div
        className={over ? 'drop over' : 'drop'}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          take(event.dataTransfer.files[0]);
        }}
      >
        <Icon name="upload" size={28} className="m3" />
        {send.isPending ? (
          <b aria-live="polite">{t('reading', { name: send.variables.name })}</b>
        ) : (
          <>
            <b>{t('drop')}</b>
            <span className="m3 s12">{t('or')}</span>
            <button type="button" className="btn pri" onClick={() => input.current?.click()}>{t('choose')}</button>
          </>
        )}
        <input
          ref={input}
          type="file"
          accept=".csv,.xlsx"
          hidden
          onChange={(event) => {
            take(event.target.files?.[0]);
            event.target.value = '';
          }}
        />
        <p className="m3 s12">{t('limit')}</p>
      </div>
      {refused ? <p className="fg-problem" role="alert" style={{ marginTop: 12 }}>{t(refused)}</p> : null}
      {send.error ? <div style={{ marginTop: 12 }}><ProblemView error={send.error} compact /></div> : null}
      <div className="row" style={{ marginTop: 16 }}>
        <a className="btn" href={api.url('/imports/template', { query: { kind } })} download>
          <Icon name="download" size={15} />{t('template')}
        </a>
        <span className="m3 s12">{t('templateHint')}</span>
      </div>
    </>
  );
}
