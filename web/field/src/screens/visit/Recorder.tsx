import { useCallback, useEffect, useRef, useState } from 'react';
import type { Step } from '@tashi/shared/api';
import { useT } from '@tashi/shared/i18n';
import { Icon } from '@tashi/shared/ui';
import { saving } from '../../shell/saving.ts';
import { addAudio } from '../../work/record.ts';
import type { LocalVisit } from '../../work/visit.ts';
import { recorderText } from './recorderText.ts';
import './recorder.css';

/** Longest recording where a step says nothing, seconds. */
const DEFAULT_S = 300;
/** A pause longer than this ends the recording, ms: what comes after it is another conversation. */
const LONGEST_PAUSE = 60_000;
/** Speech is clear at this, and half an hour of it fits. */
const BITS = 32_000;
const KINDS = ['audio/webm;codecs=opus', 'audio/mp4', 'audio/ogg;codecs=opus', 'audio/webm'];

type State = 'idle' | 'asking' | 'recording' | 'paused' | 'saving' | 'denied' | 'none';

export const clock = (ms: number) => `${Math.floor(ms / 60_000)}:${String(Math.floor(ms / 1000) % 60).padStart(2, '0')}`;

interface Running {
  recorder: MediaRecorder;
  stream: MediaStream;
  parts: Blob[];
  started_at: string;
  /** Sound before the last pause, ms, and when it went on. */
  before: number;
  since: number | null;
  pausedAt: number;
}

/**
 * Records sound at a step. Nothing is recorded before the person has said that those present were told; while it runs a red bar says
 * so at the top of the screen. It ends by itself after its longest time, after a long pause, and when the screen is left.
 */
export function Recorder({ visit, step, label, onKept }: { visit: LocalVisit; step: Step; label: string; onKept: (id: string) => void }) {
  const t = useT(recorderText);
  const [state, setState] = useState<State>('idle');
  const [told, setTold] = useState(false);
  const [ms, setMs] = useState(0);
  const running = useRef<Running | null>(null);
  const kept = useRef(onKept);
  kept.current = onKept;
  const longest = (step.audio_max_s ?? DEFAULT_S) * 1000;

  const sound = () => {
    const run = running.current;
    return run ? run.before + (run.since === null ? 0 : performance.now() - run.since) : 0;
  };
  const pause = useCallback(() => {
    const run = running.current;
    if (run?.since == null) return;
    run.before += performance.now() - run.since;
    Object.assign(run, { since: null, pausedAt: performance.now() });
    run.recorder.pause();
    setState('paused');
  }, []);
  const stop = useCallback(async () => {
    const run = running.current;
    if (!run) return;
    const duration_ms = Math.max(1, Math.round(Math.min(sound(), longest)));
    running.current = null;
    setState('saving');
    const ended = new Promise((resolve) => run.recorder.addEventListener('stop', resolve, { once: true }));
    run.recorder.stop();
    await ended;
    run.stream.getTracks().forEach((track) => track.stop());
    const blob = new Blob(run.parts);
    const bytes = await blob.arrayBuffer();
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
    const sha256 = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
    // What it is called without its codec: that is in the file.
    const mime = run.recorder.mimeType.split(';')[0] ?? 'audio/webm';
    const ok = bytes.byteLength > 0 && (await saving(addAudio(visit.id, step, { bytes, sha256, mime, duration_ms, started_at: run.started_at }).then((id) => kept.current(id))));
    setMs(0);
    setState(ok ? 'idle' : 'none');
  }, [visit.id, step, longest]);

  useEffect(() => {
    const timer = window.setInterval(() => {
      const run = running.current;
      if (!run) return;
      setMs(sound());
      if (sound() >= longest || (run.since === null && performance.now() - run.pausedAt > LONGEST_PAUSE)) void stop();
    }, 250);
    // Whoever leaves the app does not go on recording unseen.
    const hidden = () => { if (document.visibilityState === 'hidden') pause(); };
    document.addEventListener('visibilitychange', hidden);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', hidden);
    };
  }, [longest, pause, stop]);
  // Leaving the screen keeps what was recorded.
  const last = useRef(stop);
  last.current = stop;
  useEffect(() => () => { void last.current(); }, []);

  const start = async () => {
    setState('asking');
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: true, noiseSuppression: true } });
      const mimeType = KINDS.find((kind) => MediaRecorder.isTypeSupported(kind));
      const recorder = new MediaRecorder(stream, { ...(mimeType ? { mimeType } : {}), audioBitsPerSecond: BITS });
      const parts: Blob[] = [];
      recorder.addEventListener('dataavailable', (event) => { if (event.data.size > 0) parts.push(event.data); });
      recorder.start(2000);
      running.current = { recorder, stream, parts, started_at: new Date().toISOString(), before: 0, since: performance.now(), pausedAt: 0 };
      setState('recording');
    } catch (error) {
      setState((error as DOMException).name === 'NotAllowedError' ? 'denied' : 'none');
    }
  };
  const resume = () => {
    const run = running.current;
    if (!run) return;
    run.recorder.resume();
    run.since = performance.now();
    setState('recording');
  };

  if (state === 'recording' || state === 'paused') {
    return (
      <div className="recorder">
        <div className={`rec-bar${state === 'paused' ? ' paused' : ''}`} role="status"><i aria-hidden="true" />{t(state === 'paused' ? 'barPaused' : 'bar', { time: clock(ms) })}</div>
        <p className="rec-time" aria-hidden="true">{clock(ms)} <small>/ {clock(longest)}</small></p>
        {state === 'paused' ? <p className="hint">{t('pauseRule')}</p> : null}
        <div className="row">
          <button type="button" className="cta sec" onClick={state === 'paused' ? resume : pause}><Icon name={state === 'paused' ? 'mic' : 'pause'} size={20} />{t(state === 'paused' ? 'resume' : 'pause')}</button>
          <button type="button" className="cta" onClick={() => void stop()}><Icon name="check" size={20} weight={2} />{t('stop')}</button>
        </div>
      </div>
    );
  }
  return (
    <div className="recorder">
      <p className="say late"><Icon name="mic" size={22} /><span><b>{t('noticeTitle')}</b>{t('notice', { minutes: Math.max(1, Math.round(longest / 60_000)) })}<q>{t('sayThis')}</q></span></p>
      <label className="rec-told"><input type="checkbox" checked={told} onChange={() => setTold(!told)} /><span>{t('told')}</span></label>
      <button type="button" className="cta sec" aria-label={`${t('start')}: ${label}`} disabled={!told || state === 'asking' || state === 'saving'} onClick={() => void start()}><Icon name="mic" size={20} />{t(state === 'saving' ? 'saving' : 'start')}</button>
      {state === 'denied' || state === 'none' ? <p className="err" role="alert"><Icon name="warn" size={16} />{t(state)}</p> : null}
    </div>
  );
}
