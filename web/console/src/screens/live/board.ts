import type { Id, LiveBoard, LivePerson, LiveState } from '@tashi/shared/api';
import type { PersonMark } from '@tashi/shared/map';

/** The counts on top, each opening its list: on duty is the sum of the five after it, and with the last two it is the team. */
export type CountKey = 'duty' | LiveState;
export const COUNT_KEYS: CountKey[] = ['duty', 'visit', 'moving', 'idle', 'late', 'silent', 'not_started', 'off_duty'];
const ON_DUTY: LiveState[] = ['visit', 'moving', 'idle', 'late', 'silent'];

/** States that make one count. */
export function statesOf(key: CountKey): readonly LiveState[] {
  return key === 'duty' ? ON_DUTY : [key];
}

export function countOf(people: readonly LivePerson[], key: CountKey): number {
  const states = statesOf(key);
  return people.reduce((sum, person) => sum + (states.includes(person.state) ? 1 : 0), 0);
}

/** Groups of the list from top to bottom; `attention` gathers who must be looked at first. */
export type GroupKey = 'attention' | 'visit' | 'moving' | 'idle' | 'not_started' | 'off_duty';
const GROUPS: [GroupKey, LiveState[]][] = [
  ['attention', ['late', 'silent']],
  ['visit', ['visit']],
  ['moving', ['moving']],
  ['idle', ['idle']],
  ['not_started', ['not_started']],
  ['off_duty', ['off_duty']],
];

export interface Group {
  key: GroupKey;
  people: LivePerson[];
}

/** Sorts people into groups: latest first, then silent longest first, the rest by name. */
export function groupPeople(people: readonly LivePerson[]): Group[] {
  return GROUPS.map(([key, states]) => ({
    key,
    people: people.filter((person) => states.includes(person.state)).sort(key === 'attention' ? byUrgency : byName),
  })).filter((group) => group.people.length > 0);
}

/** Latest first, then silent longest first. */
export function byUrgency(a: LivePerson, b: LivePerson): number {
  if (a.state !== b.state) return a.state === 'late' ? -1 : 1;
  if (a.state === 'late') return (b.late_minutes ?? 0) - (a.late_minutes ?? 0) || byName(a, b);
  const [x, y] = [a.fix_at ?? '', b.fix_at ?? ''];
  return (x < y ? -1 : x > y ? 1 : 0) || byName(a, b);
}

// One collator for all: two thousand names are sorted every second.
const names = new Intl.Collator('zh-CN');

function byName(a: LivePerson, b: LivePerson): number {
  return names.compare(a.employee.name, b.employee.name) || (a.employee.id < b.employee.id ? -1 : 1);
}

/** What else is known of a person to be found by. */
export interface Findable {
  pinyin: string;
  phone: string | null;
}

/** Keeps who matches the chosen count and the typed text: part of the name or the pinyin, or the end of the phone number. */
export function filterPeople(
  people: readonly LivePerson[], state: CountKey | undefined, q: string | undefined, known: ReadonlyMap<Id, Findable>,
): LivePerson[] {
  const word = q?.trim().toLowerCase();
  return people.filter((person) => {
    if (state && !statesOf(state).includes(person.state)) return false;
    if (!word) return true;
    const { id, name } = person.employee;
    const more = known.get(id);
    return name.toLowerCase().includes(word) || !!more?.pinyin.toLowerCase().includes(word) || !!more?.phone?.endsWith(word);
  });
}

/** Puts changed people into a board; who is unknown to it is outside its filter and left out. */
export function mergePeople(board: LiveBoard, changed: ReadonlyMap<Id, LivePerson>, at: string): LiveBoard {
  if (!changed.size) return board;
  return { ...board, at, people: board.people.map((person) => changed.get(person.employee.id) ?? person) };
}

/** People that can stand on the map: on duty and with a place. */
export function marksOf(people: readonly LivePerson[]): PersonMark[] {
  return people.flatMap((person) =>
    person.at && person.state !== 'off_duty'
      ? [{
          id: person.employee.id,
          name: person.employee.name,
          state: person.state,
          at: person.at,
          fixAt: person.fix_at,
          bearing: person.state === 'moving' || person.state === 'late' ? person.bearing_deg : null,
        }]
      : [],
  );
}

/** One line of a windowed list: a group head or a person. */
export type Line = { kind: 'head'; group: GroupKey; count: number } | { kind: 'person'; person: LivePerson };
export const HEAD_PX = 31;
export const ROW_PX = 53;

export function linesOf(groups: readonly Group[]): Line[] {
  return groups.flatMap((group): Line[] => [
    { kind: 'head', group: group.key, count: group.people.length },
    ...group.people.map((person): Line => ({ kind: 'person', person })),
  ]);
}

/** Top edge of every line and, last, the height of all. */
export function lineOffsets(lines: readonly Line[]): number[] {
  const offsets = [0];
  for (const line of lines) offsets.push(offsets.at(-1)! + (line.kind === 'head' ? HEAD_PX : ROW_PX));
  return offsets;
}

/** First and last+1 line near the visible part of a scrolled list. */
export function visibleLines(offsets: readonly number[], scrollTop: number, height: number, margin = 400): [number, number] {
  const first = search(offsets, scrollTop - margin);
  const last = search(offsets, scrollTop + height + margin) + 1;
  return [Math.max(0, first), Math.min(offsets.length - 1, last)];
}

/** Index of the last offset that is not above `y`. */
function search(offsets: readonly number[], y: number): number {
  let low = 0;
  let high = offsets.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (offsets[middle]! <= y) low = middle;
    else high = middle - 1;
  }
  return low;
}
