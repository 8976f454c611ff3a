import { api, type BoardDraftRow, type BoardRow, type Day, type Id } from '@tashi/shared/api';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { Draft } from './draft';
import { togetherOf } from './together';

/** Lets a burst of moves cost one question a day. */
const SETTLE_MS = 40;

/** A row with all others its times depend on. */
const key = (row: string, rows: Draft['rows'], together: ReadonlyMap<string, readonly string[]>): string =>
  `${row}:${(together.get(row) ?? [row]).map((one) => (rows[one] ?? []).join()).join('|')}`;

const NOBODY: ReadonlyMap<Id, readonly Id[]> = new Map();

/**
 * Every row of a draft worked out, by row. One that did not change is not asked for again; one that did shows what it was until
 * the answer is here. `whose` says whose day a row is; it must stay the same function while `ground`, what the draft is made
 * from, does. `mates`: which tasks wait for which others.
 */
export function useEvaluation(ground: unknown, draft: Draft | null, whose: (row: string) => { day: Day; person: Id }, mates: ReadonlyMap<Id, readonly Id[]> = NOBODY) {
  const together = useMemo(() => togetherOf(draft?.rows ?? {}, mates), [draft, mates]);
  const known = useRef(new Map<string, BoardRow>());
  const shown = useRef(new Map<string, BoardRow>());
  const [version, setVersion] = useState(0);
  const [failed, setFailed] = useState<unknown>(null);
  const base = useRef<unknown>(undefined);
  // Other ground: hours, windows and what has begun may be others.
  if (base.current !== ground) {
    base.current = ground;
    known.current = new Map();
  }
  useEffect(() => {
    if (!ground || !draft) return;
    const wanted = new Map<Day, { keys: string[]; rows: BoardDraftRow[] }>();
    const asked = new Set<string>();
    for (const row of Object.keys(draft.rows)) if (!known.current.has(key(row, draft.rows, together))) for (const one of together.get(row) ?? [row]) asked.add(one);
    for (const row of asked) {
      const { day, person } = whose(row);
      const of = wanted.get(day) ?? { keys: [], rows: [] };
      of.keys.push(key(row, draft.rows, together));
      of.rows.push({ employee_id: person, tasks: [...(draft.rows[row] ?? [])] });
      wanted.set(day, of);
    }
    if (!wanted.size) {
      setVersion((old) => old + 1);
      return;
    }
    const control = new AbortController();
    const timer = setTimeout(() => {
      for (const [day, { keys, rows }] of wanted) {
        api.post<{ rows: BoardRow[] }>('/planning/evaluate', { day, rows }, { signal: control.signal }).then(
          (answer) => {
            answer.rows.forEach((row, k) => known.current.set(keys[k] ?? '', row));
            setFailed(null);
            setVersion((old) => old + 1);
          },
          (error: unknown) => {
            if (!control.signal.aborted) setFailed(error);
          },
        );
      }
    }, SETTLE_MS);
    return () => {
      clearTimeout(timer);
      control.abort();
    };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- `whose` changes with the ground
  }, [ground, draft, together]);
  return useMemo(() => {
    const rows = new Map<string, BoardRow>();
    const fresh = new Set<string>();
    // Between two boards of one place the old times stay.
    if (!draft) return { rows: shown.current, fresh, error: failed };
    for (const row of Object.keys(draft.rows)) {
      const exact = known.current.get(key(row, draft.rows, together));
      const last = exact ?? shown.current.get(row);
      if (last) rows.set(row, last);
      if (exact) fresh.add(row);
    }
    shown.current = rows;
    return { rows, fresh, error: failed };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- `version` says that the answers in the ref are others
  }, [draft, together, version, failed]);
}
