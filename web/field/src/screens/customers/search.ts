/** Finding a customer with one thumb: part of the name, pinyin initials, or the end of the phone number. */

// The first character of each initial in the order in which the browser's pinyin collation sorts Chinese.
const FIRST = '阿八嚓哒妸发旮哈讥咔垃妈拏噢妑七呥仨他穵夕丫帀';
const LETTERS = 'ABCDEFGHJKLMNOPQRSTWXYZ';
const collator = new Intl.Collator('zh-Hans-CN-u-co-pinyin');
const known = new Map<string, string>();

/** Pinyin initial of a character, lower case; Latin letters and digits stand for themselves, the rest is nothing. */
export function initialOf(character: string): string {
  if (/[a-z0-9]/i.test(character)) return character.toLowerCase();
  if (!/\p{Script=Han}/u.test(character)) return '';
  const found = known.get(character);
  if (found !== undefined) return found;
  let letter = '';
  const firsts = [...FIRST];
  for (let i = firsts.length - 1; i >= 0 && !letter; i--) {
    if (collator.compare(character, firsts[i] ?? '') >= 0) letter = (LETTERS[i] ?? '').toLowerCase();
  }
  known.set(character, letter);
  return letter;
}

export function initialsOf(name: string): string {
  return [...name].map(initialOf).join('');
}

export interface Searchable {
  name: string;
  code: string | null;
  address: string | null;
  phones: readonly string[];
}

/** True when the words fit the customer; digits are matched with the end of his numbers too. */
export function fits(customer: Searchable, words: string): boolean {
  const q = words.trim().toLowerCase();
  if (q === '') return true;
  const text = [customer.name, customer.code ?? '', customer.address ?? ''].join(' ').toLowerCase();
  if (text.includes(q)) return true;
  if (/^\d{2,}$/.test(q) && customer.phones.some((phone) => phone.replace(/\D/g, '').endsWith(q))) return true;
  return /^[a-z0-9]+$/.test(q) && initialsOf(customer.name).includes(q);
}
