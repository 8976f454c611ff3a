import { useLayoutEffect, useMemo, useRef } from 'react';
import type { Answers, Form, Value } from '@tashi/shared/forms/index.ts';
import { said } from '@tashi/shared/forms/said.ts';
import { useLanguage } from '@tashi/shared/i18n';
import { FieldView } from './FieldView.tsx';

/** The questions of a form under their headings. */
export function Sections({ form, answers, onChange }: { form: Form; answers: Answers; onChange: (next: Answers) => void }) {
  const language = useLanguage();
  const change = useChanges(answers, onChange);
  const { spec } = form;
  const fields = useMemo(() => new Map(spec.fields.map((one) => [one.key, one])), [spec]);
  const groups = spec.sections?.length ? spec.sections : [{ title: {}, fields: [...fields.keys()] }];
  return groups.map((group, n) => (
    <section key={n} className="form-section">
      {said(group.title, language) ? <h2 className="h3">{said(group.title, language)}</h2> : null}
      {group.fields.map((key) => {
        const field = fields.get(key);
        return field ? <FieldView key={key} field={field} path={key} values={answers} onChange={change(key)} /> : null;
      })}
    </section>
  ));
}

/** For each question the same function at each key, so that the others need not be drawn again. */
function useChanges(answers: Answers, onChange: (next: Answers) => void): (key: string) => (value: Value) => void {
  const latest = useRef({ answers, onChange });
  useLayoutEffect(() => {
    latest.current = { answers, onChange };
  });
  return useMemo(() => {
    const known = new Map<string, (value: Value) => void>();
    return (key) => {
      let change = known.get(key);
      if (!change) {
        change = (value) => {
          // Two answers may come before the next drawing.
          const next = { ...latest.current.answers, [key]: value };
          latest.current.answers = next;
          latest.current.onChange(next);
        };
        known.set(key, change);
      }
      return change;
    };
  }, []);
}
