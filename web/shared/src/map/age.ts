import type { Language } from '../i18n';
import { translate } from '../i18n';
import { mapText } from './text';

/** After ten minutes the age of a fix is said in words, because a number alone would be overlooked. */
const OLD_S = 600;

/** Age of a fix as it stands below the mark; null when the time is unknown. */
export function fixAge(fixAt: string | null, now: number, language: Language): string | null {
  if (!fixAt) return null;
  const t = translate(mapText, language);
  const seconds = Math.max(0, Math.floor((now - Date.parse(fixAt)) / 1000));
  if (!Number.isFinite(seconds)) return null;
  if (seconds < 60) return t('age.seconds', { n: seconds });
  const minutes = Math.floor(seconds / 60);
  if (seconds < OLD_S) return t('age.minutes', { n: minutes });
  if (minutes < 60) return t('age.minutesOld', { n: minutes });
  if (minutes < 1440) return t('age.hours', { h: Math.floor(minutes / 60), m: minutes % 60 });
  return t('age.days', { n: Math.floor(minutes / 1440) });
}
