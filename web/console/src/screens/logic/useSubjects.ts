import type { Field, FormSpec } from '@tashi/shared/forms/index.ts';
import { useLanguage, useT } from '@tashi/shared/i18n';
import { useMemo } from 'react';
import { useCustomFields } from '../custom/useCustomFields';
import { subjectsOf, type Subject, type Words } from './subjects';
import { logicText } from './text';

export type Around = 'visit' | 'flow';

/** Everything a condition may be about: fields of the form, of the row, the customer, the task and the person. */
export function useSubjects(spec: FormSpec, table?: Field, around: Around = 'visit'): Subject[] {
  const t = useT(logicText);
  const language = useLanguage();
  const customers = useCustomFields('customer');
  const tasks = useCustomFields('task');
  return useMemo(() => {
    const words: Words = { check: { pass: t('pass'), fail: t('fail'), na: t('na'), value: t('measured'), score: t('score') } };
    const inner = table?.type === 'table' ? table.fields : [];
    const text = (path: string, name: string): Subject => ({ path, name, kind: 'text' });
    const customer = (['grade', 'class', 'name', 'code'] as const).map((one) => text(`customer.${one}`, t(`customer.${one}`)));
    const tags: Subject = { path: 'customer.tags', name: t('customer.tags'), kind: 'choices' };
    const people: Subject[] = around === 'flow'
      ? [text('user.name', t('requester.name')), text('user.department', t('requester.department')), { path: 'user.departments', name: t('requester.departments'), kind: 'choices' }, text('user.post', t('requester.post'))]
      : [text('task.title', t('task.title')), ...subjectsOf(tasks, tasks.fields, 'task', language, words), text('user.name', t('user.name')), text('user.department', t('user.department'))];
    return [
      ...subjectsOf(spec, inner, 'row', language, words),
      ...subjectsOf(spec, spec.fields, 'form', language, words),
      ...customer, tags, ...subjectsOf(customers, customers.fields, 'customer', language, words),
      ...people,
    ];
  }, [t, language, spec, table, customers, tasks, around]);
}
