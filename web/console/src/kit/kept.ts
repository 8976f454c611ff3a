import { newId } from '@tashi/shared/api';
import { serverNow } from '@tashi/shared/i18n';

/**
 * Long work as this browser keeps it: enough to go on after the page was loaded anew. It belongs to the person who began
 * it and is forgotten once it ended, or after a day.
 */
export interface KeptJob {
  id: string;
  /** The employee who began it; nobody else's page goes on with it. */
  who: string;
  /** Names the function that does it. */
  kind: string;
  title: string;
  startedAt: number;
  input: unknown;
}

const PREFIX = 'tashi.job.';
const PROGRESS = 'tashi.job-progress.';
const LONGEST_MS = 24 * 3600 * 1000;

function write(key: string, value: unknown): boolean {
  try {
    localStorage.setItem(key, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

function read<T>(key: string): T | null {
  try {
    const raw = localStorage.getItem(key);
    return raw === null ? null : (JSON.parse(raw) as T);
  } catch {
    return null;
  }
}

/** Keeps work under a new id. Null where storage is full or blocked: then it lasts as long as the page. */
export function keepJob(job: Omit<KeptJob, 'id' | 'startedAt'>): KeptJob | null {
  const kept = { ...job, id: newId(), startedAt: serverNow() };
  return write(PREFIX + kept.id, kept) ? kept : null;
}

export function isKept(id: string): boolean {
  return read(PREFIX + id) !== null;
}

export function forgetJob(id: string): void {
  try {
    localStorage.removeItem(PREFIX + id);
    localStorage.removeItem(PROGRESS + id);
  } catch {
    // Blocked storage holds nothing.
  }
}

/** How far the work is, in its own words; written after each piece. */
export function keepProgress(id: string, progress: unknown): void {
  write(PROGRESS + id, progress);
}

export function keptProgress<T>(id: string): T | null {
  return read<T>(PROGRESS + id);
}

/** What `who` began in this browser and has not seen end, oldest first. What is too old is dropped. */
export function keptJobs(who: string): KeptJob[] {
  const found: KeptJob[] = [];
  try {
    for (const key of Object.keys(localStorage)) {
      if (!key.startsWith(PREFIX)) continue;
      const job = read<KeptJob>(key);
      if (!job || typeof job.startedAt !== 'number' || serverNow() - job.startedAt > LONGEST_MS) forgetJob(key.slice(PREFIX.length));
      else if (job.who === who) found.push(job);
    }
  } catch {
    // Blocked storage holds nothing.
  }
  return found.sort((a, b) => a.startedAt - b.startedAt);
}
