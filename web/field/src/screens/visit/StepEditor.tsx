import { Suspense, lazy, useEffect, useState } from 'react';
import type { Step, StepValue } from '@tashi/shared/api';
import { useFormat, useLanguage, useNow, useT } from '@tashi/shared/i18n';
import { Icon } from '@tashi/shared/ui';
import { PhotoKept } from '../../shell/KeptBadge.tsx';
import { go } from '../../shell/router.tsx';
import { type Lack, type StepAnswer, formValue, guideLocks, proofLocks, scanLocks } from '../../work/steps.ts';
import { LabelScan } from './LabelScan.tsx';
import { recorderText } from './recorderText.ts';
import type { LocalVisit } from '../../work/visit.ts';
import { visitText } from './text.ts';

const Proofs = lazy(() => import('./Proofs.tsx'));

export interface StepEditorProps {
  visit: LocalVisit;
  step: Step;
  answer: StepAnswer;
  lack: Lack | null;
  onChange: (value: StepValue) => void;
}

/** Title of a step in the language of the screen. */
export function useStepTitle(): (step: Step) => string {
  const language = useLanguage();
  return (step) => (language === 'en' && step.title_en ? step.title_en : step.title);
}

/** The open step, unfolded in place. Every change is saved as it is made. */
export function StepEditor({ visit, step, answer, lack, onChange }: StepEditorProps) {
  const t = useT(visitText);
  const r = useT(recorderText);
  const title = useStepTitle()(step);
  const unread = scanLocks(step, answer);
  const early = unread || guideLocks(step, answer);
  const locked = early || proofLocks(step, answer) !== null;
  const guideLocked = guideLocks(step, answer);
  const begun = Object.keys(formValue(answer.value)?.answers ?? {}).length;
  return (
    <div className="box">
      {step.point ? <LabelScan visit={visit} step={step} answer={answer} /> : null}
      {step.hint ? <p className="hint">{step.hint}</p> : null}
      {step.limit_s ? <LimitLine limitS={step.limit_s} since={answer.started_at} /> : null}
      {step.guide_id && step.guide_version ? (
        <button type="button" className={`chipbtn guide${guideLocked ? ' needed' : ''}`} onClick={() => go(`/visit/${visit.id}/guide/${step.id}`)}>
          <Icon name={guideLocked ? 'lock' : 'book'} size={18} />
          {t(guideLocked ? 'guideNeeded' : answer.guide_opened_at ? 'guideAgain' : 'guide')}
        </button>
      ) : null}
      {early || !step.proofs?.length ? null : <Suspense fallback={null}><Proofs visit={visit} step={step} answer={answer} /></Suspense>}
      {locked ? null : <StepInput visit={visit} step={step} answer={answer} title={title} begun={begun} onChange={onChange} />}
      {lack ? <p className="err" role="alert"><Icon name="warn" size={16} />{lack.code === 'proof' ? r('proofNeeded', { proof: r(`proof.${lack.proof ?? 'place'}`) }) : t(lack.code === 'number' ? 'numberNeeded' : lack.code === 'guide' ? 'guideNeeded' : lack.code === 'scan' ? 'scanNeeded' : lack.code, { bound: lack.bound })}</p> : null}
    </div>
  );
}

/** How long the step should take at most, and what is left of it once it was begun. Nobody is stopped. */
function LimitLine({ limitS, since }: { limitS: number; since: string | null }) {
  const t = useT(visitText);
  const f = useFormat();
  useNow(1000);
  const limit = f.duration(limitS);
  // The moment it was begun is by the phone's own clock.
  const left = since ? limitS - Math.floor((Date.now() - Date.parse(since)) / 1000) : null;
  const late = left !== null && left < 0;
  return <p className={`hint row g6${late ? ' fg-late' : ''}`} role="timer"><Icon name="clock" size={16} />{left === null ? t('limit', { limit }) : late ? t('limitOver', { limit, over: f.duration(-left) }) : t('limitLeft', { limit, left: f.duration(left) })}</p>;
}

/** What the step asks for. */
function StepInput({ visit, step, answer, title, begun, onChange }: Pick<StepEditorProps, 'visit' | 'step' | 'answer' | 'onChange'> & { title: string; begun: number }) {
  const t = useT(visitText);
  return (
    <>
      {step.kind === 'photo' ? <Photos visit={visit} step={step} answer={answer} /> : null}
      {step.kind === 'choice' ? <Choice step={step} value={answer.value} onChange={onChange} label={title} /> : null}
      {step.kind === 'text' ? <Words value={answer.value} label={title} max={step.max} onChange={onChange} /> : null}
      {step.kind === 'number' ? <Count value={answer.value} label={title} onChange={onChange} /> : null}
      {step.kind === 'yes_no' ? (
        <div className="opts two" role="radiogroup" aria-label={title}>
          {[true, false].map((one) => (
            <button type="button" key={String(one)} className="opt" role="radio" aria-checked={answer.value === one} onClick={() => onChange(one)}>
              <Icon name={one ? 'okCircle' : 'xCircle'} size={20} />
              {t(one ? 'yes' : 'no')}
            </button>
          ))}
        </div>
      ) : null}
      {step.kind === 'form' ? <p className="hint">{begun > 0 ? t('formBegun', { count: begun }) : t('formFresh')}</p> : null}
    </>
  );
}

function Photos({ visit, step, answer }: { visit: LocalVisit; step: Step; answer: StepAnswer }) {
  const t = useT(visitText);
  const f = useFormat();
  const min = step.min ?? 1;
  const full = step.max !== null && answer.photo_ids.length >= step.max;
  return (
    <>
      <p className="hint">{step.max !== null ? t('photosNeed', { min, max: step.max }) : t('photosNeedMin', { min })}</p>
      <div className="shots">
        {answer.photo_ids.map((id, i) => {
          const photo = visit.photos.find((p) => p.id === id);
          return photo?.thumb
            ? <div key={id}><img src={photo.thumb} alt={t('photo', { n: i + 1, time: f.time(photo.taken_at) })} /><PhotoKept visit={visit} photoId={id} /></div>
            : <div key={id}><div className="ph" role="img" aria-label={t('photoWaiting', { n: i + 1 })}><Icon name="image" size={28} /></div><PhotoKept visit={visit} photoId={id} /></div>;
        })}
        {full ? null : (
          <button type="button" onClick={() => go(`/visit/${visit.id}/camera/${step.id}`)}>
            <Icon name="camera" size={26} />
            {t('takePhoto')}
          </button>
        )}
      </div>
    </>
  );
}

function Choice({ step, value, onChange, label }: { step: Step; value: StepValue; onChange: (value: StepValue) => void; label: string }) {
  const t = useT(visitText);
  const many = (step.max ?? 1) > 1;
  const chosen = Array.isArray(value) ? value : typeof value === 'string' ? [value] : [];
  const press = (option: string) => {
    if (!many) return onChange(option);
    onChange(chosen.includes(option) ? chosen.filter((one) => one !== option) : [...chosen, option]);
  };
  return (
    <>
      <p className="hint">{t(many ? 'chooseMany' : 'chooseOne')}</p>
      <div className="opts" role={many ? 'group' : 'radiogroup'} aria-label={label}>
        {(step.options ?? []).map((option) => (
          <button type="button" key={option} className="opt" role={many ? 'checkbox' : 'radio'} aria-checked={chosen.includes(option)} onClick={() => press(option)}>
            {chosen.includes(option) ? <Icon name="okCircle" size={20} weight={2} /> : <span className="dot" style={many ? { borderRadius: 5 } : undefined} />}
            {option}
          </button>
        ))}
      </div>
    </>
  );
}

function Words({ value, label, max, onChange }: { value: StepValue; label: string; max: number | null; onChange: (value: StepValue) => void }) {
  const t = useT(visitText);
  const [words, setWords] = useState(typeof value === 'string' ? value : '');
  return (
    <textarea
      className="in48" aria-label={label} placeholder={t('words')} value={words} maxLength={max ?? 2000} rows={3}
      onChange={(e) => { setWords(e.target.value); onChange(e.target.value); }}
    />
  );
}

function Count({ value, label, onChange }: { value: StepValue; label: string; onChange: (value: StepValue) => void }) {
  const t = useT(visitText);
  const [typed, setTyped] = useState(typeof value === 'number' ? String(value) : '');
  const number = typed.trim() === '' ? null : Number(typed.replace(/,/g, ''));
  useEffect(() => {
    if (typeof value === 'number' && value !== number) setTyped(String(value));
    // Only a change from outside replaces what is being typed.
  }, [value]);
  const put = (text: string) => {
    setTyped(text);
    const parsed = text.trim() === '' ? null : Number(text.replace(/,/g, ''));
    onChange(parsed === null || !Number.isFinite(parsed) ? null : parsed);
  };
  return (
    <div className="count">
      <button type="button" aria-label={t('less')} onClick={() => put(String((number ?? 0) - 1))}><Icon name="minus" size={20} weight={2.2} /></button>
      <input className="in48" inputMode="decimal" aria-label={label} placeholder={t('number')} value={typed} onChange={(e) => put(e.target.value)} />
      <button type="button" aria-label={t('more')} onClick={() => put(String((number ?? 0) + 1))}><Icon name="plus" size={20} weight={2.2} /></button>
    </div>
  );
}
