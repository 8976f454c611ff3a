import { useT } from '@tashi/shared/i18n';
import { useCallback } from 'react';
import { parsed, type Operand, type Operator } from './logic';
import { readable, type Subject } from './subjects';
import { logicText } from './text';

const ON_DAYS: readonly Operator[] = ['more', 'at_least', 'less', 'at_most'];

/** A formula as a sentence; as it is written where it says more than conditions can. */
export function useLogicWords(subjects: readonly Subject[]): (source: string) => string {
  const t = useT(logicText);
  return useCallback((source: string) => {
    const logic = readable(parsed(source), subjects);
    if (!logic) return source;
    const nameOf = (path: string) => (path === 'today' ? t('today') : t('quoted', { text: subjects.find((one) => one.path === path)?.name ?? path }));
    const words = (subject: Subject | undefined, operand: Operand | undefined): string => {
      if (operand === undefined) return '';
      if (typeof operand === 'object') return nameOf(operand.of);
      if (typeof operand === 'number') return String(operand);
      return t('quoted', { text: subject?.options?.find((one) => one.value === operand)?.name ?? String(operand) });
    };
    const said = logic.terms.map(({ subject, op, operand }) => {
      const of = subjects.find((one) => one.path === subject);
      if (typeof operand === 'boolean') return t(operand ? 'say.yes' : 'say.no', { name: of?.name ?? subject });
      const values = { name: of?.name ?? subject, value: words(of, operand) };
      return of?.kind === 'day' && ON_DAYS.includes(op) ? t(`sayDay.${op as 'more' | 'at_least' | 'less' | 'at_most'}`, values) : t(`say.${op}`, values);
    });
    return said.reduce((a, b) => t(logic.all ? 'and' : 'or', { a, b }));
  }, [t, subjects]);
}
