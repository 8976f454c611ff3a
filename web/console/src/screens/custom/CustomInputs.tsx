import { type Answers, type FormSpec, type Value, defaults, fill, prepare } from '@tashi/shared/forms/index.ts';
import { said } from '@tashi/shared/forms/said.ts';
import { useFormat, useLanguage, useT } from '@tashi/shared/i18n';
import { useMemo, useState } from 'react';
import { Section } from '../../kit/Section';
import { TestInput } from '../designer/Preview';
import '../designer/designer.css';
import { groupsOf } from '../designer/spec';
import '../objects/objects.css';
import { customText } from './text';

/** The company's own fields of something that is made or changed: what stands in them, and what is wrong. */
export interface CustomAnswers {
  spec: FormSpec;
  answers: Answers;
  /** What is given anew: for the API, with null for what was taken out. */
  changed: Record<string, unknown>;
  /** Fields that keep it from being saved. */
  wrong: number;
  set(key: string, value: Value): void;
  filled: ReturnType<typeof fill>;
  complained: boolean;
  /** Shows what is missing; true when nothing is. */
  check(): boolean;
}

/** `before`: what stood; null for something new, which begins with the defaults and owes all that is required. */
export function useCustomAnswers(spec: FormSpec, before: Record<string, unknown> | null): CustomAnswers {
  const today = useFormat().today();
  const around = useMemo(() => ({ customer: null, user: null, task: null, today }), [today]);
  const form = useMemo(() => prepare(spec), [spec]);
  const begun = useMemo((): Answers => {
    if (!before) return defaults(form, around);
    return Object.fromEntries(spec.fields.filter((one) => before[one.key] !== undefined).map((one) => [one.key, before[one.key] as Value]));
  }, [before, form, around, spec]);
  const [given, setGiven] = useState<Answers>({});
  const [complained, setComplained] = useState(false);
  const answers = useMemo(() => ({ ...begun, ...given }), [begun, given]);
  const filled = useMemo(() => fill(form, answers, around), [form, answers, around]);
  // What was wrong before, and was not touched, may stay.
  const stood = useMemo(() => new Set(before ? fill(form, begun, around).problems.map((one) => `${one.path} ${one.code}`) : []), [before, form, begun, around]);
  const problems = filled.problems.filter((one) => one.path in given || !stood.has(`${one.path} ${one.code}`));
  const changed = before ? given : Object.fromEntries(Object.entries(answers).filter(([, value]) => value !== null));
  return {
    spec, answers, changed, wrong: problems.length, complained, filled: { ...filled, problems },
    set: (key, value) => setGiven((old) => ({ ...old, [key]: value })),
    check: () => { setComplained(problems.length > 0); return problems.length === 0; },
  };
}

/** The inputs of the company's own fields, as part of a form of ours. */
export function CustomInputs({ own, disabled = false, onTouched }: { own: CustomAnswers; disabled?: boolean; onTouched(): void }) {
  const t = useT(customText);
  const language = useLanguage();
  const { spec, filled } = own;
  if (spec.fields.length === 0) return null;
  return (
    <Section title={t('section')}>
      <fieldset className="desk-form record plain-set" disabled={disabled}>
        {own.complained && own.wrong ? <p className="s12 fg-problem" role="alert">{t('left', { count: own.wrong })}</p> : null}
        {groupsOf(spec).map((group, k) => (
          <div key={k} className="desk-form">
            {said(group.title, language) ? <h4 className="s13 w7">{said(group.title, language)}</h4> : null}
            {group.fields.map((key) => {
              const field = spec.fields.find((one) => one.key === key);
              if (!field || !filled.shown.includes(key)) return null;
              const problem = filled.problems.find((one) => one.path === key);
              const scolded = !!problem && (own.complained || !['required', 'count'].includes(problem.code));
              const label = said(field.label, language) || key;
              const value = own.answers[key] ?? null;
              return (
                <div key={key} className={`desk-field${scolded ? ' wrong' : ''}`} role="group" aria-label={label}>
                  <span className="s12 m2">{label}{field.required === 'true' ? <span className="fg-problem"> *</span> : null}{field.type === 'number' && said(field.unit, language) ? ` (${said(field.unit, language)})` : ''}</span>
                  {said(field.hint, language) ? <span className="s12 m3">{said(field.hint, language)}</span> : null}
                  {field.calc !== undefined ? <output className="mono">{filled.answers[key] === undefined || filled.answers[key] === null ? '—' : String(filled.answers[key])}</output>
                    : <TestInput spec={spec} field={field} value={value} values={own.answers} fixed onChange={(next) => { own.set(key, next); onTouched(); }} />}
                  {scolded && said(problem.message, language) ? <span className="s12 fg-problem" role="alert">{said(problem.message, language)}</span> : null}
                </div>
              );
            })}
          </div>
        ))}
      </fieldset>
    </Section>
  );
}
