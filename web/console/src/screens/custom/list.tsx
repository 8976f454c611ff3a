/** The company's own fields in lists of ours: columns to choose, conditions in the bar. */
import type { FieldCondition } from '@tashi/shared/api';
import type { FormSpec } from '@tashi/shared/forms/index.ts';
import { said } from '@tashi/shared/forms/said.ts';
import { wordOf } from '@tashi/shared/forms/words.ts';
import { useLanguage, useT } from '@tashi/shared/i18n';
import { useMemo } from 'react';
import type { Column } from '../../kit/DataTable';
import { filtered } from '../objects/conditions';
import { FieldFilter } from '../objects/Filters';
import '../objects/objects.css';
import { customText } from './text';

/** A column for each field, off until somebody switches it on. */
export function useCustomColumns<T extends { custom: Record<string, unknown> }>(spec: FormSpec): Column<T>[] {
  const language = useLanguage();
  const t = useT(customText);
  return useMemo(
    () => {
      const yesNo = { yes: t('yes'), no: t('no') };
      return spec.fields.map((field): Column<T> => ({
      key: `f.${field.key}`, title: said(field.label, language) || field.key, optional: true, width: 120, align: field.type === 'number' ? 'right' : undefined,
      render: (row) => wordOf(spec, field, row.custom[field.key], language, yesNo) || <span className="m3">—</span>,
      }));
    },
    [spec, language, t],
  );
}

type FieldSearch = { readonly [field: `f.${string}`]: string | undefined };

/** How many of them narrow the list now. */
export const customActive = (spec: FormSpec, search: FieldSearch) => spec.fields.filter((one) => search[`f.${one.key}`]).length;

export function CustomFilters({ spec, search, patch }: { spec: FormSpec; search: FieldSearch; patch(change: FieldSearch, options?: { replace?: boolean }): void }) {
  return spec.fields.filter((one) => filtered(one)).map((field) => (
    <FieldFilter key={field.key} spec={spec} field={field} value={search[`f.${field.key}`]} onChange={(next) => patch({ [`f.${field.key}`]: next }, { replace: true })} />
  ));
}

/** Conditions on own fields in words: `冷柜 是`. */
export function useConditionWords(spec: FormSpec, all: readonly FieldCondition[]): string[] {
  const language = useLanguage();
  const t = useT(customText);
  return all.map((one) => {
    const field = spec.fields.find((each) => each.key === one.field);
    const name = field ? said(field.label, language) || field.key : one.field;
    const word = (value: string) => (field ? wordOf(spec, field, field.type === 'yes_no' ? value === 'true' : field.type === 'choices' ? [value] : value, language, { yes: t('yes'), no: t('no') }) : value);
    const what = one.one_of ? one.one_of.map(word).join('/') : one.contains ?? `${one.from ?? ''}~${one.to ?? ''}`;
    return t('condition', { name, what });
  });
}
