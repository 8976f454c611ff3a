import { api, toProblem, type AudioRef } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { Icon, problemText } from '@tashi/shared/ui';
import { useEffect, useState } from 'react';
import { useCan } from '../app/session';
import { kitText } from './text';

const length = (ms: number) => `${Math.floor(ms / 60_000)}:${String(Math.floor(ms / 1000) % 60).padStart(2, '0')}`;

/** A recording to be listened to. Nothing is fetched before somebody presses: each fetch stands in the ledger of whoever recorded it. */
export function PlayRecording({ id, label, sound }: { id: string; label: string; sound?: AudioRef }) {
  const t = useT(kitText);
  const format = useFormat();
  const may = useCan('audio.play');
  const [url, setUrl] = useState<string | null>(null);
  const [state, setState] = useState<'idle' | 'busy' | string>('idle');
  useEffect(() => () => { if (url) URL.revokeObjectURL(url); }, [url]);
  const facts = sound ? `${format.time(sound.started_at)} · ${length(sound.duration_ms)}` : '';
  const play = async () => {
    setState('busy');
    try {
      const answer = await api.fetch('GET', '/recordings/{id}', undefined, { params: { id } });
      setUrl(URL.createObjectURL(await answer.blob()));
      setState('idle');
    } catch (error) {
      const words = problemText(toProblem(error));
      setState(`${words.title} ${words.detail}`);
    }
  };
  if (sound && sound.status !== 'stored') return <span className="play-recording m3"><Icon name="mic" size={14} />{facts} {t(sound.status === 'erased' ? 'recording.erased' : 'recording.awaiting')}</span>;
  if (url) return <span className="play-recording"><audio controls autoPlay src={url} aria-label={`${t('recording.of', { what: label })} ${facts}`} /></span>;
  return (
    <span className="play-recording">
      {may
        ? <button type="button" className="btn sm" disabled={state === 'busy'} title={t('recording.ledger')} aria-label={`${t('recording.play')}: ${label} ${facts}`} onClick={() => void play()}><Icon name="play" size={13} />{t('recording.play')}</button>
        : <span className="m3"><Icon name="lock" size={13} /> {t('recording.locked')}</span>}
      {facts ? <span className="m3">{facts}</span> : null}
      {state !== 'idle' && state !== 'busy' ? <span className="fg-problem" role="alert">{state}</span> : null}
    </span>
  );
}
