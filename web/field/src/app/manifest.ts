import { currentLanguage, i18n, type Language } from '@tashi/shared/i18n';

const FILES: Record<Language, { file: string; name: string }> = {
  zh: { file: 'manifest.webmanifest', name: '踏实外勤' },
  en: { file: 'manifest.en.webmanifest', name: 'Tashi Field' },
};

/** Keeps the page's title and the manifest it is installed by in the language on the screen. */
export function followLanguage(): void {
  const apply = () => {
    const { file, name } = FILES[currentLanguage()];
    document.title = name;
    document.querySelector('meta[name="apple-mobile-web-app-title"]')?.setAttribute('content', name);
    // Absent while developing: there the app is not installed.
    const link = document.querySelector<HTMLLinkElement>('link[rel="manifest"]');
    if (link && !link.href.endsWith(`/${file}`)) link.href = new URL(file, link.href).pathname;
  };
  apply();
  i18n.on('languageChanged', apply);
}
