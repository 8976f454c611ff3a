import { Fragment } from 'react';
import { useLanguage, useT } from '@tashi/shared/i18n';
import type { FormSpec } from '@tashi/shared/forms/index.ts';
import { said } from '@tashi/shared/forms/said.ts';
import { wordOf } from '@tashi/shared/forms/words.ts';
import { customersText } from './text.ts';

/** What stands in the company's own fields of a customer, a task or a piece of equipment, as the office wrote it: pairs of a list. */
export function OwnFields({ answers, spec }: { answers: Record<string, unknown> | undefined; spec: FormSpec | null | undefined }) {
  const t = useT(customersText);
  const language = useLanguage();
  // What came from a server of before has none.
  const known = answers ?? {};
  return (spec?.fields ?? []).map((field) => {
    const word = wordOf(spec ?? { title: {}, fields: [] }, field, known[field.key], language, { yes: t('yes'), no: t('no') });
    return word ? <Fragment key={field.key}><dt>{said(field.label, language) || field.key}</dt><dd>{word}</dd></Fragment> : null;
  });
}

/** Has any of the fields an answer? */
export const hasOwn = (answers: Record<string, unknown> | undefined, spec: FormSpec | null | undefined): boolean =>
  (spec?.fields ?? []).some((field) => { const value = answers?.[field.key]; return value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0); });
