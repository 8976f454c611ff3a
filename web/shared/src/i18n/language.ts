import { createInstance } from 'i18next';
import { useSyncExternalStore } from 'react';

export type Language = 'zh' | 'en';

/** The tag for `<html lang>`, `Intl` and `Accept-Language`. */
export const LANGUAGE_TAG: Record<Language, string> = { zh: 'zh-CN', en: 'en' };

const KEY = 'tashi.lang';

/** The i18next instance of both apps; areas add their texts to it with `defineMessages`. */
export const i18n = createInstance();

void i18n.init({
  lng: storedLanguage(),
  fallbackLng: 'zh',
  resources: {},
  initAsync: false,
  nsSeparator: false,
  keySeparator: false,
  interpolation: { escapeValue: false },
  returnNull: false,
});

function storedLanguage(): Language {
  try {
    const stored = globalThis.localStorage?.getItem(KEY);
    if (stored === 'zh' || stored === 'en') return stored;
  } catch {
    // Storage can be blocked; the browser's language is a fine answer then.
  }
  const browser = globalThis.navigator?.language ?? 'zh-CN';
  return /^(zh|$)/i.test(browser) ? 'zh' : 'en';
}

export function currentLanguage(): Language {
  return i18n.language === 'en' ? 'en' : 'zh';
}

/** `zh-CN` or `en`, as the API and `Intl` want it. */
export function languageTag(): string {
  return LANGUAGE_TAG[currentLanguage()];
}

/** Switches the texts, remembers the choice and tells the page (`<html lang>`). */
export function setLanguage(language: Language): void {
  try {
    localStorage.setItem(KEY, language);
  } catch {
    // Kept for this page only.
  }
  void i18n.changeLanguage(language);
  applyLanguage();
}

/** Writes the language to `<html lang>`; call once before the first render. */
export function applyLanguage(): void {
  document.documentElement.lang = languageTag();
}

function subscribe(listener: () => void): () => void {
  i18n.on('languageChanged', listener);
  return () => i18n.off('languageChanged', listener);
}

/** The language on the screen; re-renders when it changes. */
export function useLanguage(): Language {
  return useSyncExternalStore(subscribe, currentLanguage);
}
