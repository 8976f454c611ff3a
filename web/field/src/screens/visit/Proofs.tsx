import { useState } from 'react';
import type { Step, StepProof } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { Icon, type IconName } from '@tashi/shared/ui';
import { useField } from '../../app/context.tsx';
import { confirmByPasskey, useMyPasskeys } from '../../app/passkey.ts';
import { freshFix, usePosition } from '../../location/here.ts';
import { PhotoKept } from '../../shell/KeptBadge.tsx';
import { go } from '../../shell/router.tsx';
import { saving } from '../../shell/saving.ts';
import { addPhoto, saveAnswer } from '../../work/record.ts';
import { type PictureProof, type StepAnswer, codeOf, hasProof, proofLocks } from '../../work/steps.ts';
import type { LocalVisit } from '../../work/visit.ts';
import { Detecting, Scanner } from '../form/Scanner.tsx';
import { Recorder } from './Recorder.tsx';
import { Recordings } from './Recordings.tsx';
import { SignaturePad } from '../form/SignaturePad.tsx';
import { drawn } from '../form/drawn.ts';
import { recorderText } from './recorderText.ts';
import './recorder.css';

const ICONS: Record<StepProof, IconName> = { place: 'locate', photo: 'camera', signature: 'signature', audio: 'mic', code: 'scan', group_photo: 'users', passkey: 'fingerprint' };

interface Part {
  visit: LocalVisit;
  step: Step;
  answer: StepAnswer;
}

/** The proofs a step asks for, one after the other: what comes later stays locked. */
export default function Proofs({ visit, step, answer }: Part) {
  const t = useT(recorderText);
  const now = proofLocks(step, answer);
  // A photo step takes its photos itself, below.
  const proofs = step.proofs?.filter((proof) => proof !== 'photo' || step.kind !== 'photo') ?? [];
  if (proofs.length === 0) return null;
  return (
    <ol className="proofs" aria-label={t('proofs')}>
      {proofs.map((proof) => {
        const there = hasProof(step, answer, proof);
        const locked = !there && proof !== now;
        return (
          <li key={proof} className={locked ? 'locked' : there ? '' : 'now'} data-proof={proof}>
            <div className="head">
              <Icon name={there ? 'okCircle' : locked ? 'lock' : ICONS[proof]} size={20} className={there ? 'fg-visit' : undefined} />
              {t(`proof.${proof}`)}
              <span className={`end ${there ? 'fg-visit' : ''}`}>{there ? t('brought') : locked ? t('locked') : ''}</span>
            </div>
            {locked ? null : <Proof proof={proof} visit={visit} step={step} answer={answer} />}
          </li>
        );
      })}
    </ol>
  );
}

function Proof({ proof, ...part }: Part & { proof: StepProof }) {
  const t = useT(recorderText);
  switch (proof) {
    case 'place': return <Place {...part} />;
    case 'code': return <Code {...part} />;
    case 'passkey': return <Passkey {...part} />;
    case 'signature': return <Signature {...part} />;
    case 'audio': return part.answer.audio_ids?.length
      ? <Recordings visit={part.visit} ids={part.answer.audio_ids} />
      : <Recorder visit={part.visit} step={part.step} label={t('proof.audio')} onKept={() => undefined} />;
    default: return <Picture proof={proof} {...part} />;
  }
}

function Place({ visit, step, answer }: Part) {
  const t = useT(recorderText);
  const f = useFormat();
  const position = usePosition();
  const here = position.fix;
  const take = () => { const fix = freshFix(); if (fix) void saving(saveAnswer(visit.id, step.id, { place: fix })); };
  if (answer.place) return <p className="hint row g6">{t('placeAt', { accuracy: Math.round(answer.place.accuracy_m), time: f.time(answer.place.t) })}<button type="button" className="textlink end" onClick={take}>{t('again')}</button></p>;
  return (
    <>
      {position.state === 'denied' ? <p className="err" role="alert"><Icon name="warn" size={16} />{t('placeDenied')}</p> : here ? null : <p className="hint" role="status">{t('placeWait')}</p>}
      <button type="button" className="cta sec" disabled={!here} onClick={take}><Icon name="locate" size={20} />{t('takePlace')}</button>
    </>
  );
}

function Picture({ proof, visit, step, answer }: Part & { proof: PictureProof }) {
  const t = useT(recorderText);
  const shots = (answer.proof_ids?.[proof] ?? []).map((id) => visit.photos.find((p) => p.id === id));
  return (
    <>
      {shots.length ? <div className="shots">{shots.map((photo, n) => (photo?.thumb ? <div key={photo.id}><img src={photo.thumb} alt={t(`proof.${proof}`)} /><PhotoKept visit={visit} photoId={photo.id} /></div> : <div key={n} className="ph" role="img" aria-label={t(`proof.${proof}`)}><Icon name="image" size={28} /></div>))}</div> : null}
      {shots.length < 9 ? <button type="button" className="cta sec" onClick={() => go(`/visit/${visit.id}/camera/${step.id}/@${proof}`)}><Icon name="camera" size={20} />{t(proof === 'group_photo' ? 'takeGroup' : 'takeProof')}</button> : null}
    </>
  );
}

function Signature({ visit, step, answer }: Part) {
  const t = useT(recorderText);
  const id = answer.proof_ids?.signature?.at(-1);
  const photo = id ? visit.photos.find((p) => p.id === id) : null;
  if (id) return <div className="form-signed">{photo?.thumb ? <img src={photo.thumb} alt={t('signed')} /> : <p className="hint">{t('signed')}</p>}</div>;
  return (
    <SignaturePad
      label={t('signHere')} words={{ clear: t('signClear'), done: t('signDone') }}
      onSigned={async (pad) => { await saving(addPhoto(visit.id, step, { ...(await drawn(pad)), fix: freshFix() }, '@signature')); }}
    />
  );
}

function Passkey({ visit, step, answer }: Part) {
  const t = useT(recorderText);
  const { snapshot } = useField();
  const known = useMyPasskeys();
  const [state, setState] = useState<'idle' | 'busy' | 'cancelled' | 'unable'>('idle');
  if (answer.passkey) return null;
  const mine = known?.items.filter((one) => !one.withdrawn_at) ?? [];
  const confirm = async () => {
    setState('busy');
    try {
      const passkey = await confirmByPasskey({ nonce: snapshot?.nonce ?? '', visit: visit.id, step: step.id, ids: mine.map((one) => one.credential_id) });
      await saving(saveAnswer(visit.id, step.id, { passkey }));
      setState('idle');
    } catch (error) {
      setState((error as DOMException).name === 'NotAllowedError' ? 'cancelled' : 'unable');
    }
  };
  if (known && mine.length === 0) return <><p className="hint">{t('passkeyNone')}</p><button type="button" className="cta sec" onClick={() => go('/me/devices')}>{t('passkeyMake')}</button></>;
  return (
    <>
      <p className="hint">{t('passkeyHint')}</p>
      <button type="button" className="cta sec" disabled={state === 'busy'} onClick={() => void confirm()}><Icon name="fingerprint" size={20} />{t('passkeyDo')}</button>
      {state === 'cancelled' || state === 'unable' ? <p className="err" role="alert"><Icon name="warn" size={16} />{t(state === 'cancelled' ? 'passkeyCancelled' : 'passkeyUnable')}</p> : null}
    </>
  );
}

function Code({ visit, step, answer }: Part) {
  const t = useT(recorderText);
  const f = useFormat();
  const [typed, setTyped] = useState('');
  const [scanning, setScanning] = useState(false);
  const [bad, setBad] = useState(false);
  const read = (said: string, byHand: boolean) => {
    setScanning(false);
    const text = codeOf(said);
    setBad(!text);
    if (text) void saving(saveAnswer(visit.id, step.id, { code: { text, at: new Date().toISOString(), ...(byHand ? { typed: true } : {}) } }));
  };
  if (answer.code) {
    return <p className="hint row g6">{t('codeRead', { time: f.timeSeconds(answer.code.at) })}<button type="button" className="textlink end" onClick={() => void saving(saveAnswer(visit.id, step.id, { code: null }))}>{t('again')}</button></p>;
  }
  return (
    <div className="proof-code">
      <p className="hint">{t('codeHint')}</p>
      {scanning ? <Scanner onCode={(code) => read(code, false)} onEnd={() => setScanning(false)} /> : null}
      {Detecting ? <button type="button" className="cta sec" onClick={() => setScanning(!scanning)}><Icon name="scan" size={20} />{t(scanning ? 'scanStop' : 'scan')}</button> : null}
      <form onSubmit={(event) => { event.preventDefault(); read(typed, true); }}>
        <input className="in48" aria-label={t('codeTyped')} placeholder={t('codeTyped')} value={typed} maxLength={24} inputMode="text" autoCapitalize="off" autoCorrect="off" onChange={(event) => setTyped(event.target.value)} />
        <button type="submit" className="chipbtn" disabled={!typed.trim()}>{t('codeUse')}</button>
      </form>
      {bad ? <p className="err" role="alert"><Icon name="warn" size={16} />{t('codeBad')}</p> : null}
    </div>
  );
}
