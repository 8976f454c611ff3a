import { useLiveQuery } from 'dexie-react-hooks';
import { useEffect, useRef, useState } from 'react';
import type { Step } from '@tashi/shared/api';
import { useFormat, useNow, useT, weekdayOf } from '@tashi/shared/i18n';
import { Icon, Logo } from '@tashi/shared/ui';
import { useAwake } from '../../app/awake.ts';
import { useField, useOnline } from '../../app/context.tsx';
import { freshFix, usePosition } from '../../location/here.ts';
import { back, go } from '../../shell/router.tsx';
import { saving } from '../../shell/saving.ts';
import { db } from '../../sync/store.ts';
import { addPhoto } from '../../work/record.ts';
import type { LocalVisit } from '../../work/visit.ts';
import { useStepTitle } from '../visit/StepEditor.tsx';
import { type Look, type Picture, look, takePicture } from './picture.ts';
import { cameraText } from './text.ts';

/** `field`: of a form, the field the picture answers (`front`, `rows.0.pic`). */
export function CameraScreen({ visitId, stepId, field }: { visitId: string; stepId: string; field?: string }) {
  const visit = useLiveQuery(() => db.visits.get(visitId).then((found) => found ?? null), [visitId]);
  const step = visit?.steps.find((one) => one.id === stepId);
  useEffect(() => {
    if (visit === null || (visit && !step)) go(`/visit/${visitId}`, { replace: true });
  }, [visit, step, visitId]);
  return visit && step ? <Camera visit={visit} step={step} field={field} /> : <div className="cam" />;
}

type Lens = 'environment' | 'user';
type CameraState = 'asking' | 'opening' | 'live' | 'denied' | 'none';

const PRIMED = 'tashi.camera.primed';

/** True when the browser will ask, and the person has not yet read why: our words come before its question. */
async function needsPriming(): Promise<boolean> {
  if (localStorage.getItem(PRIMED)) return false;
  const answer = await navigator.permissions?.query({ name: 'camera' as PermissionName }).catch(() => null);
  return answer?.state !== 'granted';
}

/** Opens the camera while mounted; frames come from the live stream only. */
function useCamera(lens: Lens, attempt: number) {
  const video = useRef<HTMLVideoElement>(null);
  const [state, setState] = useState<CameraState>('opening');
  const [track, setTrack] = useState<MediaStreamTrack | null>(null);
  useEffect(() => {
    let stream: MediaStream | null = null;
    let gone = false;
    setState('opening');
    const open = async () => {
      if (attempt === 0 && (await needsPriming())) {
        if (!gone) setState('asking');
        return;
      }
      try {
        localStorage.setItem(PRIMED, '1');
        const opened = await navigator.mediaDevices.getUserMedia({ audio: false, video: { facingMode: { ideal: lens }, width: { ideal: 1920 }, height: { ideal: 1440 } } });
        if (gone) return opened.getTracks().forEach((t) => t.stop());
        stream = opened;
        if (video.current) {
          video.current.srcObject = opened;
          await video.current.play().catch(() => undefined);
        }
        setTrack(opened.getVideoTracks()[0] ?? null);
        setState('live');
      } catch (error) {
        if (!gone) setState((error as DOMException).name === 'NotAllowedError' ? 'denied' : 'none');
      }
    };
    void open();
    return () => {
      gone = true;
      stream?.getTracks().forEach((t) => t.stop());
    };
  }, [lens, attempt]);
  return { video, state, track };
}

/** Is this the picture that counts? */
function Camera({ visit, step, field }: { visit: LocalVisit; step: Step; field?: string }) {
  const t = useT(cameraText);
  const title = useStepTitle()(step);
  const online = useOnline();
  const { snapshot } = useField();
  const position = usePosition();
  useAwake();
  const [lens, setLens] = useState<Lens>('environment');
  const [attempt, setAttempt] = useState(0);
  const [torch, setTorch] = useState(false);
  const [shot, setShot] = useState<{ picture: Picture; url: string } | null>(null);
  const [busy, setBusy] = useState(false);
  const { video, state, track } = useCamera(lens, attempt);
  const seen = useLook(video, state === 'live' && !shot);
  const taken = visit.answers[step.id]?.photo_ids ?? [];
  const last = visit.photos.find((p) => p.id === taken[taken.length - 1]);
  const n = taken.length + 1;
  const min = field ? 1 : (step.min ?? 1);
  const home = field && !field.startsWith('@') ? `/visit/${visit.id}/form/${step.id}` : `/visit/${visit.id}`;
  const canTorch = Boolean((track?.getCapabilities?.() as { torch?: boolean } | undefined)?.torch);

  useEffect(() => () => { if (shot) URL.revokeObjectURL(shot.url); }, [shot]);
  const press = async () => {
    if (!video.current) return;
    setBusy(true);
    try {
      const picture = await takePicture(video.current);
      setShot({ picture, url: URL.createObjectURL(new Blob([picture.bytes], { type: 'image/jpeg' })) });
    } finally {
      setBusy(false);
    }
  };
  const keep = async () => {
    if (!shot) return;
    setBusy(true);
    const ok = await saving(addPhoto(visit.id, step, { ...shot.picture, fix: freshFix() }, field));
    setBusy(false);
    if (!ok) return;
    setShot(null);
    // Enough of them: back to the visit. More are wanted: the camera stays open.
    if (n >= min) back(home);
  };
  const light = async () => {
    await track?.applyConstraints({ advanced: [{ torch: !torch } as MediaTrackConstraintSet] }).catch(() => undefined);
    setTorch(!torch);
  };

  return (
    <main className="cam" aria-label={title}>
      <div className="top">
        <button type="button" className="cb2" aria-label={t('close')} onClick={() => back(home)}><Icon name="close" size={22} weight={2} /></button>
        <div>
          <b className="clip">{title}</b>
          <p className="clip">{field ? visit.customer.name : step.max !== null ? t('countRange', { name: visit.customer.name, n, min, max: step.max }) : t('countMin', { name: visit.customer.name, n, min })}</p>
        </div>
        {canTorch ? <button type="button" className="cb2" aria-label={t('torch')} aria-pressed={torch} onClick={() => void light()}><Icon name="flash" size={20} /></button> : <span style={{ width: 48 }} />}
      </div>
      <div className="vf">
        <video ref={video} playsInline muted autoPlay aria-hidden="true" style={{ visibility: state === 'live' && !shot ? 'visible' : 'hidden' }} />
        {shot ? <img src={shot.url} alt={t('review')} /> : null}
        {state === 'live' && !shot ? (
          <>
            <Frame />
            <Checks seen={seen} accuracy={position.fix?.accuracy_m ?? null} />
            {step.hint ? <div style={{ position: 'absolute', left: 16, right: 16, top: 64, textAlign: 'center' }}><span className="pill" style={{ padding: '4px 14px' }}>{step.hint}</span></div> : null}
          </>
        ) : null}
        {state === 'live' ? <StampPreview visit={visit} taken={shot?.picture ?? null} accuracy={position.fix?.accuracy_m ?? null} code={snapshot?.nonce.slice(0, 6) ?? ''} /> : null}
        {state === 'asking' ? (
          <div style={{ position: 'absolute', inset: 0, display: 'grid', placeContent: 'center', gap: 12, padding: 24, textAlign: 'center' }}>
            <b style={{ font: '700 18px/26px var(--font)' }}>{t('primeTitle')}</b>
            <p style={{ font: '15px/22px var(--font)' }}>{t('primeText')}</p>
            <button type="button" className="cta" onClick={() => setAttempt(attempt + 1)}>{t('primeAction')}</button>
          </div>
        ) : null}
        {state === 'denied' || state === 'none' ? (
          <div style={{ position: 'absolute', inset: 0, display: 'grid', placeContent: 'center', gap: 12, padding: 24, textAlign: 'center' }} role="alert">
            <b style={{ font: '700 18px/26px var(--font)' }}>{t(state === 'denied' ? 'deniedTitle' : 'noneTitle')}</b>
            <p style={{ font: '15px/22px var(--font)' }}>{t(state === 'denied' ? 'deniedText' : 'noneText')}</p>
            {state === 'denied' ? <button type="button" className="cta" onClick={() => go('/me/permissions')}>{t('repair')}</button> : null}
            <button type="button" className="cta sec" onClick={() => setAttempt(attempt + 1)}>{t('retry')}</button>
          </div>
        ) : null}
      </div>
      <div className="low">
        <p><Icon name="shield" size={16} />{t('liveOnly')}<span aria-hidden="true" style={{ opacity: 0.5 }}>|</span>{t('challenge')} <b className="mono" style={{ fontWeight: 700 }}>{snapshot?.nonce.slice(0, 6) ?? '—'}</b></p>
        {shot ? (
          <div className="row" style={{ gap: 10 }}>
            <button type="button" className="cta sec" style={{ flex: 1 }} disabled={busy} onClick={() => setShot(null)}>{t('again')}</button>
            <button type="button" className="cta" style={{ flex: 2 }} disabled={busy} onClick={() => void keep()}>{busy ? t('saving') : t('use')}</button>
          </div>
        ) : (
          <div className="keys">
            <div>{last?.thumb ? <img className="last" src={last.thumb} alt={t('lastPhoto')} /> : null}</div>
            <button type="button" className="shutter" aria-label={t('shutter')} disabled={state !== 'live' || busy} onClick={() => void press()}><span /></button>
            <div style={{ display: 'flex', justifyContent: 'flex-end' }}><button type="button" className="cb2" aria-label={t('flip')} onClick={() => setLens(lens === 'user' ? 'environment' : 'user')}><Icon name="flip" size={22} /></button></div>
          </div>
        )}
        <p><Icon name={online ? 'cloudUp' : 'noNetwork'} size={16} />{state === 'opening' ? t('opening') : t(online ? 'onlineOk' : 'offlineOk')}</p>
      </div>
    </main>
  );
}

/** Looks at the live picture about once a second. */
function useLook(video: React.RefObject<HTMLVideoElement | null>, active: boolean): Look | null {
  const [seen, setSeen] = useState<Look | null>(null);
  useEffect(() => {
    if (!active) return;
    const timer = setInterval(() => { if (video.current) setSeen(look(video.current)); }, 900);
    return () => clearInterval(timer);
  }, [video, active]);
  return seen;
}

function Frame() {
  const corner = (x: 'left' | 'right', y: 'top' | 'bottom') => {
    const drop = { [`border${x === 'left' ? 'Right' : 'Left'}`]: 0, [`border${y === 'top' ? 'Bottom' : 'Top'}`]: 0 };
    const radius = { [`border${y === 'top' ? 'Top' : 'Bottom'}${x === 'left' ? 'Left' : 'Right'}Radius`]: 8 };
    return <i className="corner" style={{ [x]: 0, [y]: 0, ...drop, ...radius }} />;
  };
  return <div aria-hidden="true" style={{ position: 'absolute', left: 40, right: 40, top: '24%', height: '40%' }}>{corner('left', 'top')}{corner('right', 'top')}{corner('left', 'bottom')}{corner('right', 'bottom')}</div>;
}

function Checks({ seen, accuracy }: { seen: Look | null; accuracy: number | null }) {
  const t = useT(cameraText);
  const pill = (good: boolean, words: string) => (
    <span className="pill"><Icon name={good ? 'okCircle' : 'warn'} size={16} weight={2.2} className={good ? 'cam-ok' : 'cam-warn'} />{words}</span>
  );
  return (
    <div className="pills" role="status">
      {seen ? pill(seen.sharpness > 12, t(seen.sharpness > 12 ? 'sharp' : 'blurred')) : null}
      {seen ? pill(seen.brightness > 40 && seen.brightness < 225, t(seen.brightness <= 40 ? 'dark' : seen.brightness >= 225 ? 'bright' : 'light')) : null}
      {pill(accuracy !== null, accuracy === null ? t('locating') : t('located', { m: Math.round(accuracy) }))}
    </div>
  );
}

/** Where the server will draw the stamp, with what it will say. The original stays untouched. */
function StampPreview({ visit, taken, accuracy, code }: { visit: LocalVisit; taken: Picture | null; accuracy: number | null; code: string }) {
  const t = useT(cameraText);
  const f = useFormat();
  const now = useNow(1000);
  const { session } = useField();
  const at = taken ? Date.parse(taken.taken_at) : now;
  const day = f.dayOf(at);
  return (
    <div className="stampbox">
      <div className="a">
        <div className="t">{f.time(at)}<small>{day} {f.weekday(weekdayOf(day))}</small></div>
        <div><div className="clip">{visit.customer.address ?? visit.customer.name}</div><div className="clip">{session.me.employee.name}·{visit.customer.name}</div></div>
      </div>
      <div className="c"><span><Logo size={17} />{t('appName')}</span><span>{accuracy === null ? t('noFix') : t('accuracy', { m: Math.round(accuracy) })}</span><span className="mono">{code}{taken ? `·${taken.sha256.slice(0, 6)}` : ''}</span></div>
    </div>
  );
}
