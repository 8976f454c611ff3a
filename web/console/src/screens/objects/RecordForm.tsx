import { newId, type ObjectFace, type ObjectRecord } from '@tashi/shared/api';
import { type Answers, type Field, type Value, defaults, fill, prepare } from '@tashi/shared/forms/index.ts';
import { said } from '@tashi/shared/forms/said.ts';
import { useFormat, useLanguage, useT } from '@tashi/shared/i18n';
import { toast } from '@tashi/shared/ui';
import { useMemo, useState } from 'react';
import { useMe } from '../../app/session';
import { EntityDrawer } from '../../kit/EntityDrawer';
import { ProblemView } from '../../kit/ProblemView';
import { Choose, useChoiceSteps } from '../approvals/Choose';
import { TestInput } from '../designer/Preview';
import { groupsOf } from '../designer/spec';
import { FileField, isFiled } from './FileField';
import { ReferenceField } from './ReferenceField';
import { objectsText } from './text';
import { useRecordWrites } from './useObjects';

/** Makes a record at the desk, or changes one: by the rules the phone has. */
export function RecordForm({ face, record, onClose, onSaved }: { face: ObjectFace; record: ObjectRecord | null; onClose(): void; onSaved(record: ObjectRecord): void }) {
  const t = useT(objectsText);
  const me = useMe();
  const format = useFormat();
  const language = useLanguage();
  const today = format.today();
  const around = useMemo(() => ({ customer: null, user: { id: me.employee.id, name: me.employee.name, department: me.employee.department.name }, task: null, today }), [me, today]);
  const form = useMemo(() => prepare(face.spec), [face.spec]);
  // What an older version asked and the newest does not is no answer any more.
  const begun = useMemo((): Answers => {
    if (!record) return defaults(form, around);
    const known = new Set(face.spec.fields.map((one) => one.key));
    return Object.fromEntries(Object.entries(record.answers).filter(([key]) => known.has(key))) as Answers;
  }, [record, form, around, face.spec]);
  const [answers, setAnswers] = useState(begun);
  const [reason, setReason] = useState('');
  const [complained, setComplained] = useState(false);
  const [id] = useState(() => record?.id ?? newId());
  const steps = useChoiceSteps('object', face.id);
  const [chosen, setChosen] = useState<Record<string, string>>({});
  const { make, change } = useRecordWrites(face.key);
  const filled = useMemo(() => fill(form, answers, around), [form, answers, around]);
  const wrong = filled.problems.length;
  const busy = make.isPending || change.isPending;
  const submit = () => {
    if (wrong) return setComplained(true);
    if (record) {
      change.mutate({ id, version: record.version, answers, reason: reason.trim() }, { onSuccess: (saved) => { toast(t('changedToast')); onSaved(saved); } });
    } else {
      make.mutate({ id, number: face.number, answers, chosen }, { onSuccess: (saved) => { toast(t('madeToast', { code: saved.code })); onSaved(saved); } });
    }
  };
  const name = said(face.name, language) || face.key;
  return (
    <EntityDrawer
      title={record ? record.title : t('new', { name })}
      subtitle={record ? record.code : undefined}
      onClose={onClose}
      dirty={answers !== begun && !busy && !make.isSuccess && !change.isSuccess}
      foot={
        <>
          <span className={`s12 ${complained && wrong ? 'fg-problem' : 'm2'}`} role="status">{wrong ? t('left', { count: wrong }) : t('ready')}</span>
          <span className="sp" />
          <button type="button" className="btn" onClick={onClose}>{t('cancel')}</button>
          <button type="button" className="btn pri" disabled={busy || (!!record && !reason.trim())} onClick={submit}>{t(record ? 'saveChange' : 'submit')}</button>
        </>
      }
    >
      <div className="drawer-pad desk-form record">
        {record && record.number !== face.number ? <p className="s12 m2">{t('olderVersion', { n: record.number })}</p> : null}
        {record ? <label className="stack"><span className="s12 m2">{t('reason')}</span><input className="plain-input" data-autofocus maxLength={200} value={reason} onChange={(e) => setReason(e.target.value)} /></label> : null}
        {make.error ?? change.error ? <ProblemView error={make.error ?? change.error} compact /> : null}
        {groupsOf(face.spec).map((group, k) => (
          <section key={k} className="desk-form">
            {said(group.title, language) ? <h3>{said(group.title, language)}</h3> : null}
            {group.fields.map((key) => {
              const field = face.spec.fields.find((one) => one.key === key);
              if (!field || !filled.shown.includes(key)) return null;
              const problem = filled.problems.find((one) => one.path === key || one.path.startsWith(`${key}[`));
              const scolded = problem && (complained || !['required', 'count', 'rows'].includes(problem.code));
              return (
                <DeskField key={key} face={face} record={record} field={field} answers={answers} computed={filled.answers[key] ?? null} wrong={!!scolded} message={problem ? said(problem.message, language) : ''} onChange={(value) => setAnswers({ ...answers, [key]: value })} />
              );
            })}
          </section>
        ))}
        {record ? null : <Choose steps={steps} chosen={chosen} onChange={setChosen} />}
      </div>
    </EntityDrawer>
  );
}

function DeskField({ face, record, field, answers, computed, wrong, message, onChange }: {
  face: ObjectFace; record: ObjectRecord | null; field: Field; answers: Answers; computed: Value; wrong: boolean; message: string; onChange(value: Value): void;
}) {
  const t = useT(objectsText);
  const language = useLanguage();
  const label = said(field.label, language) || field.key;
  if (field.type === 'note') return <p className="m2">{label}</p>;
  const value = answers[field.key] ?? null;
  return (
    <div className={`desk-field${wrong ? ' wrong' : ''}`} role="group" aria-label={label}>
      <span className="s12 m2">{label}{field.required === 'true' ? <span className="fg-problem"> *</span> : null}{field.type === 'number' && field.unit ? ` (${said(field.unit, language)})` : ''}</span>
      {said(field.hint, language) ? <span className="s12 m3">{said(field.hint, language)}</span> : null}
      {field.calc !== undefined ? <output className="mono">{computed === null ? '—' : String(computed)}</output>
        : field.type === 'place' ? <span className="s12 m3">{t('placeAtDesk')}</span>
        : field.type === 'reference' ? <ReferenceField to={field.to} label={label} value={typeof value === 'string' ? value : null} known={record?.names ?? {}} onChange={onChange} />
        : isFiled(field) ? <FileField face={face} record={record} field={field} label={label} value={value} onChange={onChange} />
        : <TestInput spec={face.spec} field={field} value={value} values={answers} fixed onChange={onChange} />}
      {wrong && message ? <span className="s12 fg-problem" role="alert">{message}</span> : null}
    </div>
  );
}
