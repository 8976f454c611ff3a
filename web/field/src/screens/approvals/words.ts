import { type Checked, type Field, type FormSpec, offered } from '@tashi/shared/forms/index.ts';
import { said } from '@tashi/shared/forms/said.ts';
import { useFormat, useLanguage, useT } from '@tashi/shared/i18n';
import { approvalText } from './text.ts';

/** An answer as words; pictures and tables by their number. */
export function useAnswerWords(spec: FormSpec, names: Record<string, string>): (field: Field, value: unknown) => string {
  const t = useT(approvalText);
  const language = useLanguage();
  const f = useFormat();
  return (field, value) => {
    if (typeof value === 'boolean') return t(value ? 'yes' : 'no');
    if (typeof value === 'number') return `${new Intl.NumberFormat(language === 'en' ? 'en' : 'zh-CN', { maximumFractionDigits: 6 }).format(value)}${field.type === 'number' && field.unit ? ` ${said(field.unit, language)}` : ''}`;
    if (field.type === 'choice' || field.type === 'choices') {
      const { parent: _, ...any } = field;
      const options = offered(spec, any, null);
      return f.names((Array.isArray(value) ? value : [value]).map((one) => said(options.find((o) => o.value === one)?.label, language) || String(one)));
    }
    if (field.type === 'photo' && Array.isArray(value)) return t('pictures', { n: value.length });
    if (field.type === 'file' && Array.isArray(value)) return t('files', { n: value.length });
    if (field.type === 'table' && Array.isArray(value)) return t('rows', { n: value.length });
    if (field.type === 'signature') return t('signed');
    if (field.type === 'check' && value !== null && typeof value === 'object') {
      const { result, value: measured, remark } = value as Checked;
      const words = [result ? t(`check.${result}`) : '—', measured === undefined ? '' : `${measured}${said(field.measure?.unit, language)}`, remark ?? ''];
      return words.filter(Boolean).join(' · ');
    }
    if (field.type === 'place') return t('place');
    if (field.type === 'reference') return names[String(value)] ?? '—';
    return String(value);
  };
}
