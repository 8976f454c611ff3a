import type { FormSpec } from '@tashi/shared/forms/index.ts';
import { said } from '@tashi/shared/forms/said.ts';
import { wordOf } from '@tashi/shared/forms/words.ts';
import { useLanguage, useT } from '@tashi/shared/i18n';
import { customText } from './text';

/** What stands in the company's own fields; nothing when none is answered. */
export function CustomFacts({ spec, answers }: { spec: FormSpec; answers: Record<string, unknown> }) {
  const t = useT(customText);
  const language = useLanguage();
  const told = spec.fields.map((field) => ({ field, word: wordOf(spec, field, answers[field.key], language, { yes: t('yes'), no: t('no') }) })).filter((one) => one.word !== '');
  if (told.length === 0) return null;
  return (
    <section aria-label={t('section')}>
      <h3>{t('section')}</h3>
      <dl className="facts s12">
        {told.map(({ field, word }) => <div key={field.key} className="row g6"><dt className="m2">{said(field.label, language) || field.key}</dt><dd className="end">{word}</dd></div>)}
      </dl>
    </section>
  );
}
