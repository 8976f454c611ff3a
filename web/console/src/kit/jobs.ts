import { ApiProblem, api, toProblem, type CallOptions } from '@tashi/shared/api';
import { currentLanguage, serverNow, translate } from '@tashi/shared/i18n';
import { toast } from '@tashi/shared/ui';
import { useSyncExternalStore } from 'react';
import { shellText } from '../app/text';
import { saveBlob } from './sheet';

/**
 * Long work of this page: a file being made, an import being written. It goes on while the person walks through the
 * console; the bar at the top shows it, and its result stays there until it is put away.
 */
export interface Job {
  id: number;
  /** What it is, in the person's language. */
  title: string;
  state: 'running' | 'done' | 'failed' | 'stopped';
  startedAt: number;
  /** 0–1 where it can be told. */
  progress: number | null;
  /** Set while it may be stopped without harm. */
  stop?: () => void;
  /** Where its result lies, or what gives it once more. */
  result?: { href: string } | { again: () => void };
  problem?: ApiProblem;
  /** Starts the same work anew after a failure. */
  retry?: () => void;
}

export interface JobContext {
  /** Ends when the person stops the work. */
  signal: AbortSignal;
  progress(share: number): void;
}

export interface JobSpec {
  title: string;
  /** False for what the server finishes in any case once it was asked. */
  stoppable?: boolean;
  run(context: JobContext): Promise<Job['result'] | undefined>;
}

const KEPT = 20;
let jobs: readonly Job[] = [];
let nextId = 1;
const listeners = new Set<() => void>();

function set(next: readonly Job[]): void {
  jobs = next;
  for (const listener of listeners) listener();
}

function update(id: number, change: Partial<Job>): void {
  set(jobs.map((job) => (job.id === id ? { ...job, ...change } : job)));
}

function running(): boolean {
  return jobs.some((job) => job.state === 'running');
}

// Leaving the console itself would end the work: the browser asks first.
if (typeof window !== 'undefined') {
  window.addEventListener('beforeunload', (event) => {
    if (running()) event.preventDefault();
  });
}

/** Starts `spec` and answers with how it ended; never rejects. */
export async function startJob(spec: JobSpec): Promise<Job> {
  const id = nextId++;
  const abort = new AbortController();
  const job: Job = {
    id,
    title: spec.title,
    state: 'running',
    startedAt: serverNow(),
    progress: null,
    stop: spec.stoppable === false ? undefined : () => abort.abort(),
  };
  set([job, ...jobs].slice(0, KEPT));
  let end: Partial<Job>;
  try {
    const result = await spec.run({ signal: abort.signal, progress: (share) => update(id, { progress: share }) });
    end = { state: 'done', result };
  } catch (error) {
    end = abort.signal.aborted
      ? { state: 'stopped' }
      : { state: 'failed', problem: toProblem(error), retry: () => { putAway(id); void startJob(spec); } };
  }
  end.stop = undefined;
  update(id, end);
  if (end.state === 'done') toast(translate(shellText, currentLanguage())('jobDone', { title: spec.title }));
  return { ...job, ...end };
}

/** Takes finished work from the list. */
export function putAway(id: number): void {
  set(jobs.filter((job) => job.id !== id || job.state === 'running'));
}

/** All work of this page, newest first. */
export function useJobs(): readonly Job[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => jobs,
  );
}

/** A file of the API, fetched in the background and handed to the browser under the name the server gave it. */
export function startDownload({ title, path, options, fallback }: {
  title: string;
  path: string;
  options?: CallOptions;
  /** Name of the file when the answer gives none. */
  fallback: string;
}): Promise<Job> {
  return startJob({
    title,
    async run({ signal, progress }) {
      const response = await api.fetch('GET', path, undefined, { ...options, signal });
      const given = /filename\*?="?(?:UTF-8'')?([^";]+)/.exec(response.headers.get('content-disposition') ?? '')?.[1];
      const name = given ? decodeURIComponent(given) : fallback;
      const blob = await body(response, progress);
      saveBlob(name, blob);
      return { again: () => saveBlob(name, blob) };
    },
  });
}

/** The answer's body; tells how far it is where its length is known. */
async function body(response: Response, progress: (share: number) => void): Promise<Blob> {
  const length = Number(response.headers.get('content-length'));
  // A packed answer is longer unpacked than its header says.
  if (!response.body || !length || response.headers.has('content-encoding')) return response.blob();
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const reader = response.body.getReader();
  let got = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    parts.push(value);
    got += value.length;
    progress(Math.min(1, got / length));
  }
  return new Blob(parts, { type: response.headers.get('content-type') ?? 'application/octet-stream' });
}
