import type { ReactNode } from 'react';
import { useFormat, useNow } from '../i18n';

const TICK_MS = 30_000;

/** How long ago something was, kept current; the day and the minute of it on hover and for machines. `words` puts it into a sentence. */
export function Ago({ at, className, words }: { at: string | number | null | undefined; className?: string; words?(age: string): ReactNode }) {
  const format = useFormat();
  useNow(TICK_MS);
  const age = format.age(at);
  const said = words ? words(age) : age;
  if (at === null || at === undefined || at === '') return <span className={className}>{said}</span>;
  return <time className={className} dateTime={new Date(at).toISOString()} title={format.dateTime(at)}>{said}</time>;
}
