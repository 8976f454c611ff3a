import { Suspense, lazy, useState } from 'react';
import { type ApprovalPage, type FormRecord, type ObjectRecord, type TrailLine, toProblem } from '@tashi/shared/api';
import { type Answers, type Field, type FormSpec, type Value, offered } from '@tashi/shared/forms/index.ts';
import { said } from '@tashi/shared/forms/said.ts';
import { useFormat, useLanguage, useT } from '@tashi/shared/i18n';
import { ChangeTable } from '@tashi/shared/plan/ChangeTable.tsx';
import { Outcome } from '@tashi/shared/plan/Outcome.tsx';
import { Icon, SkeletonRows, problemText, toast, toastProblem } from '@tashi/shared/ui';
import { useCached } from '../../app/cached.ts';
import { useOnline } from '../../app/context.tsx';
import { client } from '../../app/session.ts';
import { Empty, Page } from '../../shell/Page.tsx';
import { Link } from '../../shell/router.tsx';
import { Choice, DayTime, NumberInput, Stars, TextInput, YesNo } from '../form/inputs.tsx';
import '../form/form.css';
import { useAct, useApprovalNews } from './act.ts';
import { Comment, TrailFiles } from './Comment.tsx';
import { STATUS_LOOK } from './ApprovalsScreen.tsx';
import { approvalText } from './text.ts';
import { useAnswerWords } from './words.ts';
import './approvals.css';

const ReasonSheet = lazy(() => import('../../shell/ReasonSheet.tsx'));
type Asking = 'reject' | 'return' | 'withdraw';

/** Asked about attendance: corrected there. */
const ASKED = new Set(['leave', 'overtime', 'trip', 'correction']);

/** One case: what was handed in, what happened, and what I can do about it. */
export function ApprovalScreen({ id }: { id: string }) {
  const t = useT(approvalText);
  const f = useFormat();
  const language = useLanguage();
  const online = useOnline();
  const page = useCached(`approval/${id}`, () => client.get<ApprovalPage>('/approvals/{id}', { params: { id } }));
  useApprovalNews(page.refresh);
  const { busy, act } = useAct();
  const [asking, setAsking] = useState<Asking | null>(null);
  const [fixing, setFixing] = useState(false);
  const { data } = page;
  if (!data) {
    return (
      <Page title={t('title')} backTo="/approvals">
        {data === undefined || (!page.problem && online) ? <SkeletonRows rows={4} height={88} /> : <Empty title={t(online ? 'missing' : 'offline')} text={t(online ? 'missingText' : 'offlineText')} />}
      </Page>
    );
  }
  const look = STATUS_LOOK[data.status];
  const run = (action: 'approve' | Asking | 'urge' | 'submit', words: string, comment?: string) => void act(data, action, words, comment).then(page.refresh);
  const may = online && !busy;
  const decides = data.asks.length > 0;
  const reasons = asking === 'withdraw' ? [t('why.mistake'), t('why.changed'), t('why.other')] : [t('why.incomplete'), t('why.wrong'), t('why.budget'), t('why.other')];
  return (
    <Page
      title={said(data.title, language)} sub={`${data.employee.name} · ${data.department.name}`} backTo="/approvals"
      foot={decides ? (
        <div className="approval-two">
          <button type="button" className="cta sec" disabled={!may} onClick={() => setAsking('reject')}>{t('reject')}</button>
          <button type="button" className="cta" disabled={!may} onClick={() => run('approve', t('done'))}><Icon name="check" size={20} weight={2} />{t('approve')}</button>
        </div>
      ) : data.mine && data.status === 'returned' && ASKED.has(data.kind) ? <Link className="cta" to="/attendance">{t('askAgain')}</Link>
        : data.mine && data.status === 'returned' && data.content.spec && !fixing ? <button type="button" className="cta" disabled={!may} onClick={() => setFixing(true)}><Icon name="edit" size={20} />{t('fix')}</button>
        : data.mine && data.status === 'returned' && data.content.plan_change ? <button type="button" className="cta" disabled={!may} onClick={() => run('submit', t('doneSubmit'))}><Icon name="sync" size={20} />{t('resubmit')}</button> : null}
    >
      {online ? null : <p className="approval-offline mx"><Icon name="noSignal" size={18} />{t('offlineAct')}</p>}
      <p className={`row g6 mx ${look.tone}`} style={{ padding: '4px 0 8px' }} role="status"><Icon name={look.icon} size={18} weight={2} />{t(`status.${data.status}`)}{data.status === 'running' && data.asked.length ? <span className="m2"> · {t('waits', { names: f.names(data.asked.map((one) => one.name)) })}</span> : null}</p>
      {data.mine && data.status === 'returned' ? <p className="mx m2" style={{ paddingBottom: 8 }}>{t(data.content.plan_change ? 'returnedChange' : 'returnedHint')}</p> : null}
      {fixing ? <Fix page={data} onDone={async () => { setFixing(false); await page.refresh(); }} onClose={() => setFixing(false)} /> : <Content page={data} />}
      {decides || data.mine ? (
        <div className="approval-more mx">
          {decides ? <button type="button" className="chipbtn" disabled={!may} onClick={() => setAsking('return')}><Icon name="undo" size={18} />{t('sendBack')}</button> : null}
          {data.mine && data.status === 'running' ? <button type="button" className="chipbtn" disabled={!may} onClick={() => run('urge', t('doneUrge'))}><Icon name="bell" size={18} />{t('urge')}</button> : null}
          {data.mine && (data.status === 'running' || data.status === 'returned') ? <button type="button" className="chipbtn" disabled={!may} onClick={() => setAsking('withdraw')}><Icon name="xCircle" size={18} />{t('withdraw')}</button> : null}
        </div>
      ) : null}
      <Comment page={data} online={online} onDone={page.refresh} />
      <h2 className="h3">{t('trail')}</h2>
      <ol className="card mx approval-trail">{data.trail.filter((one) => one.what !== 'took_lane').map((one) => <TrailRow key={one.seq} line={one} online={online} />)}</ol>
      {asking ? (
        <Suspense fallback={null}>
          <ReasonSheet
            title={t(asking === 'reject' ? 'reasonReject' : asking === 'return' ? 'reasonBack' : 'reasonWithdraw')} reasons={reasons} ownWords={t('ownWords')} confirmText={t(asking === 'reject' ? 'reject' : asking === 'return' ? 'sendBack' : 'withdraw')}
            onClose={() => setAsking(null)} onReason={(reason) => { setAsking(null); run(asking, t(asking === 'withdraw' ? 'doneWithdraw' : 'done'), reason); }}
          />
        </Suspense>
      ) : null}
    </Page>
  );
}

function TrailRow({ line, online }: { line: TrailLine; online: boolean }) {
  const t = useT(approvalText);
  const f = useFormat();
  const key = `trail.${line.what}`;
  return (
    <li>
      <span className="row g6"><span className="sp">{key in approvalText.zh ? t(key as 'trail.asked', { person: line.person?.name ?? '', to: line.to?.name ?? '' }) : line.what}</span><span className="m3 s14 nw">{f.dateTime(line.at)}</span></span>
      {line.comment ? <span className="approval-comment">{line.comment}</span> : null}
      <TrailFiles files={line.files ?? []} online={online} />
    </li>
  );
}

function Content({ page }: { page: ApprovalPage }) {
  const t = useT(approvalText);
  const language = useLanguage();
  const spec: FormSpec = page.content.spec ?? { title: {}, fields: [] };
  const answers = page.content.answers ?? {};
  const words = useAnswerWords(spec, page.content.names ?? {});
  const change = page.content.plan_change;
  if (change) {
    return (
      <section className="card mx" style={{ padding: 14 }} aria-label={t('content')}>
        <Outcome page={page} />
        <ChangeTable change={change} />
      </section>
    );
  }
  return (
    <section className="card mx" style={{ padding: '6px 14px' }} aria-label={t('content')}>
      <dl className="approval-answers">
        {page.content.customer ? <div><dt>{t('customer')}</dt><dd>{page.content.customer}</dd></div> : null}
        {spec.fields.filter((one) => one.type !== 'note' && answers[one.key] !== undefined && answers[one.key] !== null).map((field) => <div key={field.key}><dt>{said(field.label, language)}</dt><dd>{words(field, answers[field.key])}</dd></div>)}
      </dl>
    </section>
  );
}

/** The answers corrected on the phone; what needs a camera or a position stays as it was. */
function Fix({ page, onDone, onClose }: { page: ApprovalPage; onDone: () => Promise<void>; onClose: () => void }) {
  const t = useT(approvalText);
  const language = useLanguage();
  const { record_id: id, content: { object } } = page;
  const record = useCached<FormRecord | ObjectRecord>(`record/${id}/${page.version}`, () => (object
    ? client.get<ObjectRecord>('/objects/{key}/records/{id}', { params: { key: object, id } })
    : client.get<FormRecord>('/form-records/{id}', { params: { id } })));
  const [changed, setChanged] = useState<Answers>({});
  const [busy, setBusy] = useState(false);
  if (!record.data) return record.problem ? <p className="mx m2" role="alert">{problemText(record.problem, language).title}</p> : <SkeletonRows rows={3} height={64} />;
  const { spec, version } = record.data;
  const answers: Answers = { ...(record.data.answers as Answers), ...changed };
  const send = async () => {
    setBusy(true);
    try {
      if (object) await client.patch('/objects/{key}/records/{id}', { answers, reason: t('fixedAfter') }, { params: { key: object, id }, version });
      else await client.post('/form-records/{id}/resubmit', { answers, reason: null }, { params: { id }, version });
      toast(t('doneSubmit'));
      await onDone();
    } catch (error) {
      const problem = toProblem(error);
      toastProblem(problem, t('failed', { why: problem.fields[0]?.message ?? problemText(problem, language).title }));
    } finally {
      setBusy(false);
    }
  };
  return (
    <section className="form-body" aria-label={t('fix')}>
      {spec.fields.filter((one) => one.calc === undefined && one.type !== 'note').map((field) => (
        <div key={field.key} className="form-field" role="group" aria-label={said(field.label, language)}>
          <div className="form-label"><span>{said(field.label, language)}</span></div>
          <Input field={field} spec={spec} answers={answers} onChange={(value) => setChanged({ ...changed, [field.key]: value })} />
        </div>
      ))}
      <div className="approval-two mx">
        <button type="button" className="cta sec" onClick={onClose}>{t('cancel')}</button>
        <button type="button" className="cta" disabled={busy} onClick={() => void send()}>{t('resubmit')}</button>
      </div>
    </section>
  );
}

function Input({ field, spec, answers, onChange }: { field: Field; spec: FormSpec; answers: Answers; onChange: (value: Value) => void }) {
  const t = useT(approvalText);
  const language = useLanguage();
  const label = said(field.label, language);
  const value = answers[field.key] ?? null;
  switch (field.type) {
    case 'text': return <TextInput value={value} label={label} lines={field.lines} max={field.max} onChange={onChange} />;
    case 'phone': return <TextInput value={value} label={label} type="tel" max={24} onChange={onChange} />;
    case 'number': return <NumberInput value={value} label={label} onChange={onChange} />;
    case 'yes_no': return <YesNo value={value} label={label} onChange={onChange} />;
    case 'rating': return <Stars value={value} label={label} max={field.max} onChange={onChange} />;
    case 'choice':
    case 'choices': {
      const options = offered(spec, field, field.parent === undefined ? undefined : answers[field.parent]);
      return <Choice value={value} label={label} many={field.type === 'choices'} options={options.map((o) => ({ value: o.value, label: said(o.label, language) }))} onChange={onChange} />;
    }
    case 'date': return <DayTime value={value} label={label} type="date" onChange={onChange} />;
    case 'time': return <DayTime value={value} label={label} type="time" onChange={onChange} />;
    case 'date_time': return <DayTime value={value} label={label} type="datetime-local" onChange={onChange} />;
    default: return <p className="m3">{t('onComputer')}</p>;
  }
}
