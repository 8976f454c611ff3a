import type { EnglishText, Messages } from './messages';

function placeholders(text: EnglishText | undefined): string {
  const all = typeof text === 'object' ? `${text.one} ${text.other}` : (text ?? '');
  const names = new Set([...all.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1] ?? ''));
  return `{${[...names].sort().join(',')}}`;
}

/** Where the two languages of some areas do not say the same: missing keys, empty texts, different placeholders. */
export function parityFaults(areas: readonly Messages[]): string[] {
  const faults: string[] = [];
  for (const { namespace, zh, en } of areas) {
    for (const key of new Set([...Object.keys(zh), ...Object.keys(en)])) {
      const at = `${namespace}.${key}`;
      const chinese = zh[key];
      const english = en[key];
      if (chinese === undefined) faults.push(`${at}: missing in zh`);
      else if (english === undefined) faults.push(`${at}: missing in en`);
      else if (chinese === '' || english === '') faults.push(`${at}: empty`);
      else if (placeholders(chinese) !== placeholders(english)) {
        faults.push(`${at}: ${placeholders(chinese)} in zh, ${placeholders(english)} in en`);
      }
    }
  }
  return faults;
}
