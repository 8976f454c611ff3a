import { useLiveQuery } from 'dexie-react-hooks';
import { useCallback, useDeferredValue, useMemo, useRef, useState } from 'react';
import { newId } from '@tashi/shared/api/id.ts';
import type { PinnedForm, Step } from '@tashi/shared/api';
import { type Answers, defaults, fill, prepare } from '@tashi/shared/forms/index.ts';
import { said } from '@tashi/shared/forms/said.ts';
import { useFormat, useLanguage, useT } from '@tashi/shared/i18n';
import { Icon } from '@tashi/shared/ui';
import { useAwake } from '../../app/awake.ts';
import { useField } from '../../app/context.tsx';
import { freshFix, usePosition } from '../../location/here.ts';
import { Empty, Page } from '../../shell/Page.tsx';
import { Link, back } from '../../shell/router.tsx';
import { saving } from '../../shell/saving.ts';
import { type CustomerRow, db } from '../../sync/store.ts';
import { answersOf, pinnedForm, surroundings } from '../../work/forms.ts';
import { type Chosen, addFile, finishStep, saveAnswer } from '../../work/record.ts';
import { NO_ANSWER, formValue } from '../../work/steps.ts';
import type { LocalVisit } from '../../work/visit.ts';
import { Choose } from '../approvals/Choose.tsx';
import { Sections } from './Sections.tsx';
import { FormContext } from './context.ts';
import { formText } from './text.ts';
import './form.css';

export function FormScreen({ visitId, stepId }: { visitId: string; stepId: string }) {
  const t = useT(formText);
  const { owner, snapshot } = useField();
  const visit = useLiveQuery(() => db.visits.get(visitId).then((found) => found ?? null), [visitId]);
  const customer = useLiveQuery(() => (visit ? db.customers.get([owner, visit.customer.id]).then((found) => found ?? null) : null), [owner, visit?.customer.id]);
  if (visit === undefined || customer === undefined) return <div className="phone" />;
  const step = visit?.steps.find((one) => one.id === stepId);
  const pinned = visit && step ? pinnedForm(step, visit, snapshot?.forms ?? []) : null;
  if (!visit || !step || !pinned) {
    return <Page title={t('missing')} backTo={`/visit/${visitId}`}><Empty title={t('missing')} text={t('missingText')} action={<Link to={`/visit/${visitId}`} className="textlink">{t('toVisit')}</Link>} /></Page>;
  }
  return <Runner key={stepId} visit={visit} step={step} pinned={pinned} customer={customer ?? null} />;
}

/** Fills a form in: every key is on the disk before the next one, and the same rules hold here as in the office. */
function Runner({ visit, step, pinned, customer }: { visit: LocalVisit; step: Step; pinned: PinnedForm; customer: CustomerRow | null }) {
  const t = useT(formText);
  const f = useFormat();
  const language = useLanguage();
  const { snapshot, session } = useField();
  usePosition();
  useAwake();
  const form = useMemo(() => prepare(pinned.spec), [pinned]);
  const task = snapshot?.tasks.find((one) => one.id === visit.task_id) ?? null;
  const me = session.me.employee;
  const around = useMemo(
    () => surroundings(visit, customer?.customer ?? null, { id: me.id, name: me.name, department: me.department.name }, task),
    // The visit changes with every key; what formulas see of it does not.
    [visit.id, customer, me, task],
  );
  const known = visit.answers[step.id]?.value ?? null;
  const [record] = useState(() => formValue(known)?.record_id ?? newId());
  const [answers, setAnswers] = useState<Answers>(() => (formValue(known)?.answers ? answersOf(known) : defaults(form, around)));
  const [complained, setComplained] = useState(false);
  const [busy, setBusy] = useState(false);
  const shown = useDeferredValue(answers);
  const filled = useMemo(() => fill(form, shown, around), [form, shown, around]);
  const body = useRef<HTMLDivElement>(null);

  const latest = useRef(answers);
  const change = useCallback((next: Answers) => {
    latest.current = next;
    setAnswers(next);
    void saving(saveAnswer(visit.id, step.id, { value: { record_id: record, answers: next } }));
  }, [visit.id, step.id, record]);
  const context = useMemo(() => ({ visit, step, form, filled, customer, colleagues: snapshot?.colleagues ?? [], complained, files: visit.files ?? [], keep: (file: Chosen) => addFile(visit.id, step.id, file) }), [visit, step, form, filled, customer, snapshot, complained]);

  const finish = async () => {
    const now = fill(form, latest.current, around);
    if (now.problems.length > 0) {
      setComplained(true);
      const first = now.problems[0]!.path;
      requestAnimationFrame(() => body.current?.querySelector(`[data-path="${CSS.escape(first)}"]`)?.scrollIntoView({ block: 'center' }));
      return;
    }
    setBusy(true);
    // A form without a single answer is an answer too: it is on the disk from here.
    const kept = await saving(saveAnswer(visit.id, step.id, { value: { record_id: record, answers: latest.current } }));
    const judge = (answer = NO_ANSWER) => (fill(form, answersOf(answer.value), around).problems.length > 0 ? { code: 'form' as const, bound: 0 } : null);
    const ok = kept && (await saving(finishStep(visit.id, step, freshFix(), judge)));
    setBusy(false);
    if (ok) back(`/visit/${visit.id}`);
  };

  const title = said(pinned.spec.title, language) || step.title;
  const wrong = filled.problems.length;
  return (
    <Page
      title={title} sub={visit.customer.name} backTo={`/visit/${visit.id}`}
      head={
        <div className="form-head">
          <span className={wrong > 0 && complained ? 'fg-problem' : 'm2'} role="status">{wrong > 0 ? t('left', { count: wrong }) : t('ready')}{filled.score === null ? '' : ` · ${t('score', { points: filled.score })}`}{filled.checks && filled.checks.applicable > 0 ? ` · ${t('checks', { percent: f.percent(filled.checks.passed / filled.checks.applicable) })}` : ''}</span>
          <span className="end row g4 fg-visit"><Icon name="okCircle" size={15} weight={2} />{t('saved', { time: f.timeSeconds(visit.saved_at) })}</span>
        </div>
      }
      foot={<button type="button" className="cta" disabled={busy} onClick={() => void finish()}><Icon name="check" size={22} weight={2} />{t('done')}</button>}
    >
      <FormContext.Provider value={context}>
        <div className="form-body" ref={body}>
          <Sections form={form} answers={answers} onChange={change} />
          <Choose kind="form" subject={pinned.id} place={`form/${record}`} />
        </div>
      </FormContext.Provider>
    </Page>
  );
}
