import { useState } from 'react';
import type { Step } from '@tashi/shared/api';
import { useT } from '@tashi/shared/i18n';
import { Icon } from '@tashi/shared/ui';
import { saving } from '../../shell/saving.ts';
import { saveAnswer } from '../../work/record.ts';
import { type StepAnswer, labelOf } from '../../work/steps.ts';
import type { LocalVisit } from '../../work/visit.ts';
import { Detecting, Scanner } from '../form/Scanner.tsx';
import { visitText } from './text.ts';

const clock = (minute: number) => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

/** A point of a round: when it is due, and its label, which is scanned or whose number is typed. */
export function LabelScan({ visit, step, answer }: { visit: LocalVisit; step: Step; answer: StepAnswer }) {
  const t = useT(visitText);
  const [typed, setTyped] = useState('');
  const [scanning, setScanning] = useState(false);
  const [wrong, setWrong] = useState(false);
  const { point } = step;
  if (!point) return null;
  const read = (said: string, byHand: boolean) => {
    setScanning(false);
    const code = labelOf(step, said);
    setWrong(!code);
    if (code) void saving(saveAnswer(visit.id, step.id, { scan: { code, typed: byHand } }));
  };
  return (
    <>
      {point.from_minute != null || point.to_minute != null ? <p className="hint">{t('pointDue', { from: point.from_minute == null ? '' : clock(point.from_minute), to: point.to_minute == null ? '' : clock(point.to_minute) })}</p> : null}
      {!point.code ? null : answer.scan ? (
        <p className="hint row g4 fg-visit"><Icon name="okCircle" size={16} />{t(answer.scan.typed ? 'labelTyped' : 'labelScanned')}</p>
      ) : (
        <div className="label-scan">
          {scanning ? <Scanner onCode={(code) => read(code, false)} onEnd={() => setScanning(false)} /> : null}
          {Detecting ? <button type="button" className="cta sec" onClick={() => setScanning(!scanning)}><Icon name="camera" size={20} />{t(scanning ? 'scanStop' : 'scanLabel')}</button> : null}
          <form className="row g6" onSubmit={(event) => { event.preventDefault(); read(typed, true); }}>
            <input className="in48" aria-label={t('labelNumber')} placeholder={t('labelNumberHint')} value={typed} maxLength={200} autoCapitalize="off" autoCorrect="off" onChange={(event) => setTyped(event.target.value)} />
            <button type="submit" className="chipbtn" disabled={!typed.trim()}>{t('labelCheck')}</button>
          </form>
          {wrong ? <p className="err" role="alert"><Icon name="warn" size={16} />{t('labelWrong')}</p> : null}
        </div>
      )}
    </>
  );
}
