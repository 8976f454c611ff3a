import type { Language } from '../i18n/language.ts';
import type { Text } from './spec.ts';

/** A text of a form in the language of the screen, else in any it was written in. */
export function said(text: Text | undefined, language: Language): string {
  if (!text) return '';
  return text[language === 'en' ? 'en' : 'zh-CN'] ?? Object.values(text)[0] ?? '';
}
