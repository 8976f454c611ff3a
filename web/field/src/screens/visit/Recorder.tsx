import { useCallback, useEffect, useRef, useState } from 'react';
import type { Step } from '@tashi/shared/api';
import { translate, useT } from '@tashi/shared/i18n';
import { Icon, toast } from '@tashi/shared/ui';
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

/** Runs when the page is looked at: now, or as soon as it is again. On the document, because by then the recorder may have left the screen. */
function whenSeen(run: () => void): void {
  if (document.visibilityState === 'visible') run();
  else document.addEventListener('visibilitychange', () => whenSeen(run), { once: true });
}

interface Running {
  recorder: MediaRecorder;
  /** The recorder's own end, listened for from the start: a call or the system may end it before anybody presses stop. */
  ended: Promise<void>;
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
 * so at the top of the screen. It ends by itself after its longest time, after a long pause, when the screen or the app is left,
 * and when the phone takes the microphone away; whatever ends it, what was recorded is kept.
 */
export function Recorder({ visit, step, label, onKept }: { visit: LocalVisit; step: Step; label: string; onKept: (id: string) => void }) {
  const t = useT(recorderText);
  const [state, setState] = useState<State>('idle');
  const [told, setTold] = useState(false);
  const [ms, setMs] = useState(0);
  const running = useRef<Running | null>(null);
  const gone = useRef(false);
  const kept = useRef(onKept);
  kept.current = onKept;
  const longest = (step.audio_max_s ?? DEFAULT_S) * 1000;

  const sound = () => {
    const run = running.current;
    return run ? run.before + (run.since === null ? 0 : performance.now() - run.since) : 0;
  };
  const pause = () => {
    const run = running.current;
    // One that has ended by itself throws when it is paused; it is being kept already.
    if (run?.since == null || run.recorder.state !== 'recording') return;
    run.before += performance.now() - run.since;
    Object.assign(run, { since: null, pausedAt: performance.now() });
    run.recorder.pause();
    setState('paused');
  };
  /** Ends the recording and keeps it, once, whoever asks first; true when this call kept it. */
  const stop = useCallback(async () => {
    const run = running.current;
    if (!run) return false;
    const duration_ms = Math.max(1, Math.round(Math.min(sound(), longest)));
    running.current = null;
    setState('saving');
    if (run.recorder.state !== 'inactive') run.recorder.stop();
    // Also where it ended by itself: its last piece comes just before its stop event, and one that has fired already holds nothing up.
    await run.ended;
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
    return ok;
  }, [visit.id, step, longest]);

  useEffect(() => {
    const timer = window.setInterval(() => {
      const run = running.current;
      if (!run) return;
      setMs(sound());
      if (sound() >= longest || (run.since === null && performance.now() - run.pausedAt > LONGEST_PAUSE)) void stop();
    }, 250);
    // Whoever leaves the app does not go on recording unseen, and a page in the background may be killed with what it holds in memory: so
    // it is kept at once, and said when the person is back.
    const hidden = () => {
      if (document.visibilityState === 'hidden') void stop().then((ok) => { if (ok) whenSeen(() => toast(translate(recorderText)('keptAway'))); });
    };
    document.addEventListener('visibilitychange', hidden);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', hidden);
    };
  }, [longest, stop]);
  // Leaving the screen keeps what was recorded.
  const last = useRef(stop);
  last.current = stop;
  useEffect(() => {
    gone.current = false;
    return () => {
      gone.current = true;
      void last.current();
    };
  }, []);

  const start = async () => {
    setState('asking');
    let stream: MediaStream | undefined;
    const release = () => stream?.getTracks().forEach((track) => track.stop());
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: true, noiseSuppression: true } });
      // The person may have left while the phone asked: nothing would show that the microphone is on, nor end it.
      if (gone.current || document.visibilityState === 'hidden') {
        release();
        setState('idle');
        return;
      }
      const mimeType = KINDS.find((kind) => MediaRecorder.isTypeSupported(kind));
      const recorder = new MediaRecorder(stream, { ...(mimeType ? { mimeType } : {}), audioBitsPerSecond: BITS });
      const parts: Blob[] = [];
      recorder.addEventListener('dataavailable', (event) => { if (event.data.size > 0) parts.push(event.data); });
      const ended = new Promise<void>((resolve) => recorder.addEventListener('stop', () => resolve(), { once: true }));
      recorder.start(2000);
      const run: Running = { recorder, ended, stream, parts, started_at: new Date().toISOString(), before: 0, since: performance.now(), pausedAt: 0 };
      running.current = run;
      // Ended by a call, a headset or the system: kept like one that was stopped by hand.
      void ended.then(() => { if (running.current === run) void last.current(); });
      setState('recording');
    } catch (error) {
      release();
      setState((error as DOMException).name === 'NotAllowedError' ? 'denied' : 'none');
    }
  };
  const resume = () => {
    const run = running.current;
    if (run?.recorder.state !== 'paused') return;
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
