import type { Answers, Form } from '@tashi/shared/forms/index.ts';
import { said } from '@tashi/shared/forms/said.ts';
import { useLanguage } from '@tashi/shared/i18n';
import { FieldView } from './FieldView.tsx';

/** The questions of a form under their headings. */
export function Sections({ form, answers, onChange }: { form: Form; answers: Answers; onChange: (next: Answers) => void }) {
  const language = useLanguage();
  const { spec } = form;
  const groups = spec.sections?.length ? spec.sections : [{ title: {}, fields: spec.fields.map((f) => f.key) }];
  return groups.map((group, n) => (
    <section key={n} className="form-section">
      {said(group.title, language) ? <h2 className="h3">{said(group.title, language)}</h2> : null}
      {group.fields.map((key) => {
        const field = spec.fields.find((one) => one.key === key);
        return field ? <FieldView key={key} field={field} path={key} values={answers} onChange={(value) => onChange({ ...answers, [key]: value })} /> : null;
      })}
    </section>
  ));
}
