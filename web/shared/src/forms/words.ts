import type { Language } from '../i18n/language.ts';
import { offered } from './answer.ts';
import { said } from './said.ts';
import type { Field, FormSpec } from './spec.ts';

/** An answer as people read it: labels of choices, a number with its unit; empty when there is none. */
export function wordOf(spec: FormSpec, field: Field, value: unknown, language: Language, yesNo: { yes: string; no: string }): string {
  if (value === undefined || value === null || value === '') return '';
  if (typeof value === 'boolean') return value ? yesNo.yes : yesNo.no;
  if (typeof value === 'number') {
    const number = value.toLocaleString(language === 'en' ? 'en' : 'zh-CN', { maximumFractionDigits: 6 });
    return field.type === 'number' && said(field.unit, language) ? `${number} ${said(field.unit, language)}` : number;
  }
  if (field.type === 'choice' || field.type === 'choices') {
    const { parent: _, ...any } = field;
    const options = offered(spec, any, null);
    const label = (one: unknown) => said(options.find((option) => option.value === one)?.label, language) || String(one);
    return (Array.isArray(value) ? value : [value]).map(label).join(language === 'en' ? ', ' : '、');
  }
  return Array.isArray(value) ? value.map(String).join(' ') : String(value);
}
