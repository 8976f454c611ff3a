import { Link } from '@tanstack/react-router';
import type { Visit, VisitStep } from '@tashi/shared/api';
import { useFormat, useLanguage, useT } from '@tashi/shared/i18n';
import { Icon } from '@tashi/shared/ui';
import { useCan } from '../../app/session';
import { PlayRecording } from '../../kit/PlayRecording';
import { PROOF_ICON } from '../planning/StepsEditor';
import { visitsText } from './text';

/** What was done, when, and what was answered. */
export function StepsCard({ visit }: { visit: Visit }) {
  const t = useT(visitsText);
  const format = useFormat();
  const language = useLanguage();
  const mayReport = useCan('report.read');
  const mayWrite = useCan('task.write');
  return (
    <section className="card">
      <div className="hd">
        <h2>{t('steps')}</h2>
        <span className="sub">{t('stepsDone', { done: visit.steps_done, total: visit.steps_total })}</span>
        {visit.task_id && visit.status === 'done' && mayReport && mayWrite ? <Link to="/reports/steps" search={{ visit: visit.id }} className="btn link s12 end">{t('asPattern')}</Link> : null}
      </div>
      <ul className="visit-steps">
        {visit.steps.map((one) => (
          <li key={one.step.id}>
            <Icon
              name={one.status === 'done' ? 'okCircle' : one.status === 'skipped' ? 'next' : 'radio'}
              size={16}
              weight={2}
              className={one.status === 'done' ? 'fg-visit' : 'm3'}
            />
            <span>
              {(language === 'en' && one.step.title_en) || one.step.title}
              {one.step.mandatory ? null : <span className="m3"> {t('optional')}</span>}
              {one.step.guide_id && one.guide_opened_at ? <span className="m3 s12"> <Icon name="book" size={13} /> {t('guideOpened', { time: format.timeSeconds(one.guide_opened_at) })}</span> : null}
              {overtime(one) ? <span className="fg-late s12"> <Icon name="clock" size={13} /> {t('overtime', { duration: format.duration(took(one)), limit: format.duration(one.step.limit_s) })}</span> : null}
              <Answer one={one} />
              <StepProofs one={one} />
              {one.audio?.map((sound) => <PlayRecording key={sound.id} id={sound.id} sound={sound} label={(language === 'en' && one.step.title_en) || one.step.title} />)}
            </span>
            <span className="m3 nw" title={took(one) === null ? undefined : t('took', { duration: format.duration(took(one)) })}>
              {one.status === 'done' ? format.timeSeconds(one.ended_at) : one.status === 'todo' ? t('todo') : t('skipped')}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What the step asked for as proof, and how each was judged. */
function StepProofs({ one }: { one: VisitStep }) {
  const t = useT(visitsText);
  const format = useFormat();
  const asked = one.step.proofs ?? [];
  if (asked.length === 0) return null;
  return (
    <span className="visit-proofs">
      {asked.map((proof) => {
        const given = one.proofs?.find((p) => p.proof === proof);
        const tone = given?.state === 'held' ? 'fg-visit' : given?.state === 'failed' ? 'fg-problem' : given?.state === 'weak' ? 'fg-late' : 'm3';
        return (
          <span key={proof} className={`tag ${tone}`}>
            <Icon name={PROOF_ICON[proof]} size={13} />
            {format.saying([t(`proof.${proof}`), given && (given.detail ? t(`proofDetail.${given.detail}`) : t(`proofState.${given.state}`))])}
          </span>
        );
      })}
    </span>
  );
}

/** Did it take longer than it should? */
function overtime(one: VisitStep): boolean {
  return one.status === 'done' && !!one.step.limit_s && (took(one) ?? 0) > one.step.limit_s;
}

function took(one: VisitStep): number | null {
  return one.started_at && one.ended_at ? (Date.parse(one.ended_at) - Date.parse(one.started_at)) / 1000 : null;
}

function Answer({ one }: { one: VisitStep }) {
  const t = useT(visitsText);
  const format = useFormat();
  if (one.status === 'skipped') return <span className="visit-answer">{one.reason ? t('skippedFor', { reason: one.reason }) : ''}</span>;
  const parts: string[] = [];
  const { value } = one;
  if (typeof value === 'boolean') parts.push(value ? t('yes') : t('no'));
  else if (typeof value === 'number') parts.push(format.number(value));
  else if (Array.isArray(value)) parts.push(format.names(value.map(String)));
  else if (typeof value === 'string' && value) parts.push(value);
  const record = one.step.form_id && value !== null && typeof value === 'object' && !Array.isArray(value) ? value.record_id : null;
  return (
    <>
      {one.photos.length ? <span className="m3"> {one.photos.length}×<Icon name="image" size={13} /></span> : null}
      {record && one.step.form_id ? <Link className="visit-answer" to="/designer/forms/$id" params={{ id: one.step.form_id }} search={{ tab: 'records', record }}>{t('openForm')}</Link> : null}
      {parts.length ? <span className="visit-answer">{parts.join('')}</span> : null}
    </>
  );
}
