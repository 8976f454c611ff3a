import { currentLanguage, i18n, useLanguage, type Language } from './language';

/** An English text with a singular: `{one: '{{count}} visit', other: '{{count}} visits'}`. Chinese needs one form. */
export type EnglishText = string | { one: string; other: string };

export interface Messages<K extends string = string> {
  readonly namespace: string;
  readonly zh: Readonly<Record<K, string>>;
  readonly en: Readonly<Record<K, EnglishText>>;
}

/** Text of one key, with `{{name}}` filled from `values`; `count` chooses the English plural. */
export type Translate<K extends string = string> = (key: K, values?: Record<string, string | number>) => string;

const registry = new Map<string, Messages>();

/**
 * Declares the texts of one area in both languages. The compiler refuses a key that is missing in English; a test walks
 * `allMessages()` and compares placeholders. Lives beside its screens, so it is loaded with them.
 */
export function defineMessages<const Z extends Record<string, string>>(
  namespace: string,
  zh: Z,
  en: Record<keyof Z & string, EnglishText>,
): Messages<keyof Z & string> {
  i18n.addResourceBundle('zh', namespace, zh, false, true);
  const flat: Record<string, string> = {};
  for (const [key, text] of Object.entries<EnglishText>(en)) {
    if (typeof text === 'string') flat[key] = text;
    else {
      flat[`${key}_one`] = text.one;
      flat[`${key}_other`] = text.other;
    }
  }
  i18n.addResourceBundle('en', namespace, flat, false, true);
  const messages: Messages<keyof Z & string> = { namespace, zh, en };
  registry.set(namespace, messages);
  return messages;
}

/** Every area loaded so far (for the parity test). */
export function allMessages(): Messages[] {
  return [...registry.values()];
}

const translators = new Map<string, Translate>();

/** Texts outside React, in the language of the moment. */
export function translate<K extends string>(messages: Messages<K>, language: Language = currentLanguage()): Translate<K> {
  const id = `${language}/${messages.namespace}`;
  let found = translators.get(id);
  if (!found) {
    const fixed = i18n.getFixedT(language, messages.namespace);
    found = (key, values) => String(fixed(key, values ?? {}));
    translators.set(id, found);
  }
  return found as Translate<K>;
}

/** Texts of an area; re-renders on a language switch. `const t = useT(peopleText); t('title')`. */
export function useT<K extends string>(messages: Messages<K>): Translate<K> {
  return translate(messages, useLanguage());
}
