import { useEffect, useState, useSyncExternalStore } from 'react';
import { toProblem } from '../api/problem';
import { commonText, format, useT } from '../i18n';
import { Icon } from './Icon';
import { problemText } from './problemText';
import { RequestId } from './RequestId';

interface Toast {
  key: number;
  text: string;
  /** Undoes what happened; the toast then stays ten seconds and counts down. */
  undo?: () => void | Promise<void>;
  /** Something failed: shown as such, with the number of the request to copy. */
  fault?: { request_id: string | null };
  until: number;
}

let current: Toast | null = null;
let serial = 0;
const listeners = new Set<() => void>();

function set(next: Toast | null): void {
  current = next;
  for (const listener of listeners) listener();
}

/** Says what happened, bottom centre; with `undo` for ten seconds. Never for errors: they belong beside their cause. */
export function toast(text: string, undo?: () => void | Promise<void>): void {
  set({ key: ++serial, text, undo, until: Date.now() + (undo ? 10_000 : 3_000) });
}

/** Says that something the person asked for failed, where there is no place beside its cause. */
export function toastProblem(error: unknown, text?: string): void {
  const problem = toProblem(error);
  const words = problemText(problem);
  set({ key: ++serial, text: text ?? format().saying([words.title, words.detail]), fault: { request_id: problem.request_id }, until: Date.now() + 10_000 });
}

/** The place where toasts appear; one per app, near the root. */
export function ToastHost() {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current,
  );
  return (
    <div className="toast-host" role="status" aria-live="polite">
      {shown ? <ToastCard key={shown.key} shown={shown} /> : null}
    </div>
  );
}

function ToastCard({ shown }: { shown: Toast }) {
  const t = useT(commonText);
  const [left, setLeft] = useState(() => Math.ceil((shown.until - Date.now()) / 1000));
  useEffect(() => {
    const timer = setInterval(() => {
      const seconds = Math.ceil((shown.until - Date.now()) / 1000);
      if (seconds <= 0) {
        if (current === shown) set(null);
      } else setLeft(seconds);
    }, 250);
    return () => clearInterval(timer);
  }, [shown]);
  return (
    <div className="toast">
      <Icon name={shown.fault ? 'warn' : 'okCircle'} size={18} />
      <span>
        {shown.text}
        {shown.fault ? <RequestId id={shown.fault.request_id} className="toast-id" /> : null}
      </span>
      {shown.undo ? (
        <>
          <button
            type="button"
            className="toast-undo"
            onClick={() => {
              const undo = shown.undo;
              set(null);
              void undo?.();
            }}
          >
            {t('undo')}
          </button>
          <span className="toast-left" aria-hidden="true">
            {t('secondsLeft', { count: left })}
          </span>
        </>
      ) : null}
    </div>
  );
}
