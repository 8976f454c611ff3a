import { serverNow } from '@tashi/shared/i18n';
import type { Id } from '@tashi/shared/api';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { readStored, writeStored } from '../../kit/stored';
import { begin, changed, did, dirty, redone, undone, type Draft, type History, type Versions } from './draft';

/** What a draft is made from: the board of a day or those of a week. Its rows are people, or people's days. */
export interface Ground<B> {
  /** Under which its drafts are kept in this browser. */
  name: string;
  published: (board: B) => Draft;
  /** Versions of the plans behind each row. */
  versions: (board: B) => Versions;
  /** The draft over a board that has changed meanwhile, and the rows others have changed. */
  rebased: (draft: Draft, from: Versions, board: B) => { draft: Draft; theirs: string[] };
  /** Tasks that can be moved. */
  movable: (board: B) => Id[];
}

interface Kept {
  draft: Draft;
  versions: Versions;
  at: number;
}

interface State<B> {
  /** Day or week, and department. */
  place: string;
  /** What the draft is made from. */
  board: B;
  history: History;
  savedAt: number | null;
}

/**
 * A draft: in this browser until it is published, with steps back and forth. A board that has changed is taken over
 * silently while nothing is drafted; otherwise `theirs` names the rows that are others now, until `load` takes them over.
 */
export function useDraft<B>(ground: Ground<B>, fresh: B | undefined, place: string) {
  const key = `tashi.${ground.name}/${place}`;
  const [state, setState] = useState<State<B> | null>(null);
  if (fresh && state?.place !== place) {
    // The first sight: what was drafted before, as far as it still holds.
    const kept = readStored<Kept | null>(key, null);
    const base = ground.published(fresh);
    const draft = kept ? ground.rebased(kept.draft, kept.versions, fresh).draft : base;
    setState({ place, board: fresh, history: begin(draft), savedAt: kept && dirty(draft, base) ? kept.at : null });
  }
  const here = state?.place === place ? state : null;
  const base = useMemo(() => (state ? ground.published(state.board) : null), [ground, state?.board]); // eslint-disable-line react-hooks/exhaustive-deps -- of the board alone
  const draft = state?.history.now ?? null;
  const rows = useMemo(() => (draft && base ? changed(draft, base) : []), [draft, base]);
  const isDirty = !!draft && !!base && dirty(draft, base);
  const pending = fresh && here && fresh !== here.board ? fresh : null;
  const theirs = useMemo<string[]>(() => {
    if (!pending || !here) return [];
    const [old, now] = [ground.versions(here.board), ground.versions(pending)];
    return Object.keys(now).filter((row) => now[row] !== old[row]);
  }, [ground, pending, here]);

  const load = useCallback(() => {
    setState((old) => {
      if (!old || !fresh) return old;
      const { draft, theirs } = ground.rebased(old.history.now, ground.versions(old.board), fresh);
      const ids = (one: B) => ground.movable(one).sort().join();
      // The same plans and tasks: every step back still leads somewhere.
      const history = theirs.length || ids(fresh) !== ids(old.board) ? begin(draft) : old.history;
      return { ...old, board: fresh, history };
    });
  }, [ground, fresh]);
  useEffect(() => {
    // Nothing of ours is lost by taking over what touches none of our rows.
    if (pending && (!isDirty || theirs.length === 0)) load();
  }, [pending, isDirty, theirs, load]);

  useEffect(() => {
    if (!draft || !here) return;
    if (isDirty) writeStored(key, { draft, versions: ground.versions(here.board), at: here.savedAt ?? serverNow() } satisfies Kept);
    else localStorage.removeItem(key);
  }, [ground, here, draft, isDirty, key]);

  const step = useCallback((change: (history: History) => History) => setState((old) => (old ? { ...old, history: change(old.history), savedAt: serverNow() } : old)), []);
  return {
    board: fresh && here ? here.board : undefined,
    draft,
    base,
    /** Rows the draft changes. */
    rows,
    dirty: isDirty,
    theirs: isDirty ? theirs : [],
    savedAt: state?.savedAt ?? null,
    canUndo: !!state?.history.past.length,
    canRedo: !!state?.history.future.length,
    change: useCallback((make: (draft: Draft) => Draft) => step((old) => did(old, make(old.now))), [step]),
    undo: useCallback(() => step(undone), [step]),
    redo: useCallback(() => step(redone), [step]),
    discard: useCallback(() => setState((old) => (old ? { ...old, history: did(old.history, ground.published(old.board)), savedAt: null } : old)), [ground]),
    /** After publishing: the draft is what is published, and there is no way back before it. */
    settled: useCallback(() => {
      localStorage.removeItem(key);
      setState(null);
    }, [key]),
    load,
  };
}
