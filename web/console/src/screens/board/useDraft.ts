import type { Board, Id } from '@tashi/shared/api';
import { serverNow } from '@tashi/shared/i18n';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { readStored, writeStored } from '../../kit/stored';
import { begin, did, dirty, movable, published, rebased, redone, undone, versions, type Draft, type History, type Versions } from './draft';

interface Kept {
  draft: Draft;
  versions: Versions;
  at: number;
}

interface State {
  /** Day and department. */
  place: string;
  /** The board the draft is made from. */
  board: Board;
  history: History;
  savedAt: number | null;
}

/**
 * The draft of a day: in this browser until it is published, with steps back and forth. A board that has changed is taken over
 * silently while nothing is drafted; otherwise `theirs` names whose plans are others now, until `load` takes them over.
 */
export function useDraft(fresh: Board | undefined, place: string) {
  const key = `tashi.board/${place}`;
  const [state, setState] = useState<State | null>(null);
  if (fresh && state?.place !== place) {
    // The first sight of this day: what was drafted before, as far as it still holds.
    const kept = readStored<Kept | null>(key, null);
    const draft = kept ? rebased(kept.draft, kept.versions, fresh).draft : published(fresh);
    setState({ place, board: fresh, history: begin(draft), savedAt: kept && dirty(draft, published(fresh)) ? kept.at : null });
  }
  const base = useMemo(() => (state ? published(state.board) : null), [state]);
  const draft = state?.history.now ?? null;
  const isDirty = !!draft && !!base && dirty(draft, base);
  const pending = fresh && state?.place === place && fresh !== state.board ? fresh : null;
  const theirs = useMemo<Id[]>(() => {
    if (!pending || !state) return [];
    const [old, now] = [versions(state.board), versions(pending)];
    return Object.keys(now).filter((person) => now[person] !== old[person]);
  }, [pending, state]);

  const load = useCallback(() => {
    setState((old) => {
      if (!old || !fresh) return old;
      const { draft, theirs } = rebased(old.history.now, versions(old.board), fresh);
      const ids = (one: Board) => one.tasks.filter(movable).map((task) => task.id).sort().join();
      // The same plans and tasks: every step back still leads somewhere.
      const history = theirs.length || ids(fresh) !== ids(old.board) ? begin(draft) : old.history;
      return { ...old, board: fresh, history };
    });
  }, [fresh]);
  useEffect(() => {
    // Nothing of ours is lost by taking over what touches none of our rows.
    if (pending && (!isDirty || theirs.length === 0)) load();
  }, [pending, isDirty, theirs, load]);

  useEffect(() => {
    if (!draft || state?.place !== place) return;
    if (isDirty) writeStored(key, { draft, versions: versions(state.board), at: state.savedAt ?? serverNow() } satisfies Kept);
    else localStorage.removeItem(key);
  }, [state, draft, isDirty, key, place]);

  const step = useCallback((change: (history: History) => History) => setState((old) => (old ? { ...old, history: change(old.history), savedAt: serverNow() } : old)), []);
  return {
    board: fresh && state?.place === place ? state.board : undefined,
    draft,
    base,
    dirty: isDirty,
    theirs: isDirty ? theirs : [],
    savedAt: state?.savedAt ?? null,
    canUndo: !!state?.history.past.length,
    canRedo: !!state?.history.future.length,
    change: useCallback((make: (draft: Draft) => Draft) => step((old) => did(old, make(old.now))), [step]),
    undo: useCallback(() => step(undone), [step]),
    redo: useCallback(() => step(redone), [step]),
    discard: useCallback(() => setState((old) => (old ? { ...old, history: did(old.history, published(old.board)), savedAt: null } : old)), []),
    /** After publishing: the draft is what is published, and there is no way back before it. */
    settled: useCallback(() => {
      localStorage.removeItem(key);
      setState(null);
    }, [key]),
    load,
  };
}
