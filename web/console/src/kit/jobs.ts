import { ApiProblem, api, toProblem, type CallOptions } from '@tashi/shared/api';
import { currentLanguage, serverNow, translate } from '@tashi/shared/i18n';
import { toast } from '@tashi/shared/ui';
import { useSyncExternalStore } from 'react';
import { shellText } from '../app/text';
import { forgetJob, isKept, keepJob, keptJobs, type KeptJob } from './kept';
import { saveBlob } from './sheet';

/**
 * Long work of this page: a file being made, an import being written. It goes on while the person walks through the
 * console; the bar at the top shows it, and its result stays there until it is put away. Work started by
 * {@link startKept} also goes on after the page was loaded anew.
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
  /** More than its state says: what was left out, and why. */
  note?: string;
  problem?: ApiProblem;
  /** The id this browser keeps it under. */
  kept?: string;
  /** Starts the same work anew after a failure. */
  retry?: () => void;
}

export interface JobContext {
  /** Ends when the person stops the work. */
  signal: AbortSignal;
  progress(share: number): void;
  note(text: string): void;
}

export interface JobSpec {
  title: string;
  /** Set where this browser keeps it, so that leaving the page ends nothing. */
  kept?: string;
  /** True for work that says by itself how it ended. */
  quiet?: boolean;
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

const lost = new Set<number>();
/** What ends work whose person has left; a kept one goes on when he is back. */
export const LEFT = new Error('signed out');
const running = new Map<number, AbortController>();

// Leaving the console would end what is not kept: the browser asks first.
if (typeof window !== 'undefined') {
  window.addEventListener('beforeunload', (event) => {
    if (lost.size) event.preventDefault();
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
    kept: spec.kept,
    stop: spec.stoppable === false ? undefined : () => abort.abort(),
  };
  set([job, ...jobs].slice(0, KEPT));
  running.set(id, abort);
  if (!spec.kept || !isKept(spec.kept)) lost.add(id);
  let end: Partial<Job>;
  try {
    const result = await spec.run({
      signal: abort.signal,
      progress: (share) => update(id, { progress: share }),
      note: (note) => update(id, { note }),
    });
    end = { state: 'done', result };
  } catch (error) {
    end = abort.signal.aborted
      ? { state: 'stopped' }
      : { state: 'failed', problem: toProblem(error), retry: () => { set(jobs.filter((one) => one.id !== id)); void startJob(spec); } };
  }
  lost.delete(id);
  running.delete(id);
  if (abort.signal.reason === LEFT) return { ...job, ...end };
  // What failed for want of a sign-in or a network stays kept: the next page of the same person tries again.
  if (spec.kept && end.problem?.status !== 401 && end.problem?.status !== 0) forgetJob(spec.kept);
  end.stop = undefined;
  update(id, end);
  if (end.state === 'done' && !spec.quiet) toast(translate(shellText, currentLanguage())('jobDone', { title: spec.title }));
  return { ...job, ...end };
}

/** Takes finished work from the list. */
export function putAway(id: number): void {
  for (const job of jobs) if (job.id === id && job.state !== 'running' && job.kept) forgetJob(job.kept);
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

/** How one kind of kept work is done. It must come out the same when a part of it is done twice. */
type Kind<Input> = (input: Input, id: string | null) => Omit<JobSpec, 'title' | 'kept'>;

const kinds = new Map<string, Kind<never>>();
/** Work of this page by the id it is kept under. */
const here = new Set<string>();
let who: string | null = null;

/** Names a kind of work that outlives the page; `input` must be plain data. Answers with what starts one. */
export function keptKind<Input>(kind: string, how: Kind<Input>): (title: string, input: Input) => Promise<Job> {
  kinds.set(kind, how as Kind<never>);
  return (title, input) => {
    const kept = who === null ? null : keepJob({ who, kind, title, input });
    return kept ? alone(kept) : startJob({ title, ...how(input, null) });
  };
}

/** Goes on with what the person began before the page was loaded anew; from now on new work is kept for him. */
export function resumeJobs(person: string): void {
  // Another person without a sign-out between: what the first began is not done in his name.
  if (who !== null && who !== person) leaveJobs();
  who = person;
  for (const kept of keptJobs(person)) if (!here.has(kept.id)) void alone(kept);
}

/** Ends the work of whoever signs out: nothing of it is done in the name of the next person. */
export function leaveJobs(): void {
  who = null;
  for (const abort of running.values()) abort.abort(LEFT);
  set([]);
}

/** Does kept work in one page at a time: another page waits, and goes on when the first is gone. */
async function alone(kept: KeptJob): Promise<Job> {
  const { id, title, startedAt, input } = kept;
  const how = kinds.get(kept.kind) as Kind<unknown> | undefined;
  // The page that had it meanwhile has finished it, and said so there.
  const elsewhere: Job = { id: nextId++, title, startedAt, state: 'done', progress: null };
  const run = () => (how && isKept(id) && kept.who === who ? startJob({ title, kept: id, ...how(input, id) }) : Promise.resolve(elsewhere));
  here.add(id);
  try {
    // A page without TLS has no locks; each piece of the work bears being done twice.
    return await (globalThis.navigator?.locks?.request(`tashi.job.${id}`, run) ?? run());
  } finally {
    here.delete(id);
  }
}

interface FileSpec {
  path: string;
  options?: Omit<CallOptions, 'signal'>;
  /** Name of the file when the answer gives none. */
  fallback: string;
}

const downloadJob = keptKind<FileSpec>('download', ({ path, options, fallback }) => ({
  async run({ signal, progress }) {
    const response = await api.fetch('GET', path, undefined, { ...options, signal });
    const given = /filename\*?="?(?:UTF-8'')?([^";]+)/.exec(response.headers.get('content-disposition') ?? '')?.[1];
    const name = given ? decodeURIComponent(given) : fallback;
    const blob = await body(response, progress).catch((error: unknown) => { throw signal.aborted ? error : ApiProblem.network(); });
    saveBlob(name, blob);
    return { again: () => saveBlob(name, blob) };
  },
}));

/** A file of the API, fetched in the background and handed to the browser under the name the server gave it. */
export function startDownload({ title, ...file }: FileSpec & { title: string }): Promise<Job> {
  return downloadJob(title, file);
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
