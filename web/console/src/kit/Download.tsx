import type { ApiProblem, CallOptions } from '@tashi/shared/api';
import { Icon, problemText } from '@tashi/shared/ui';
import { useState, type ComponentProps } from 'react';
import { startDownload } from './jobs';

export interface DownloadProps extends Omit<CallOptions, 'signal'> {
  path: string;
  /** Name of the file when the answer gives none. */
  fallback: string;
  /** On the button; with `icon only` its name for screen readers and as tooltip. */
  label: string;
  /** What the list of long work calls it; the label when absent. */
  title?: string;
  icon?: ComponentProps<typeof Icon>['name'];
  /** What the file is, as tooltip. */
  hint?: string;
  look?: 'plain' | 'primary' | 'icon only';
}

/** A button that has a file of the API fetched in the background. Why it did not come stands beside it. */
export function Download({ path, fallback, label, title, hint, icon = 'download', look = 'plain', ...options }: DownloadProps) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const run = async () => {
    setBusy(true);
    setProblem(null);
    const end = await startDownload({ title: title ?? label, path, options, fallback });
    setBusy(false);
    setProblem(end.problem ?? null);
  };
  const words = problem ? problemText(problem) : null;
  const bare = look === 'icon only';
  return (
    <>
      {words ? <span className="s12 fg-problem" role="alert">{words.title} {words.detail}</span> : null}
      <button
        type="button"
        className={bare ? 'icb small' : look === 'primary' ? 'btn pri' : 'btn'}
        aria-busy={busy}
        disabled={busy}
        aria-label={bare ? label : undefined}
        title={hint ?? (bare ? label : undefined)}
        onClick={() => void run()}
      >
        <Icon name={icon} size={bare ? 15 : undefined} />
        {bare ? null : label}
      </button>
    </>
  );
}
