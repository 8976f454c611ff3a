import { api, toProblem } from '@tashi/shared/api';
import { currentLanguage, translate } from '@tashi/shared/i18n';
import { toast, toastProblem } from '@tashi/shared/ui';
import { queryClient } from '../app/queryClient';
import { kitText } from './text';

/** What takes a change back: an ordinary operation with what was there before. */
export interface Back {
  method: 'patch' | 'put' | 'post';
  path: string;
  params?: Record<string, string>;
  body: Record<string, unknown>;
  /** The version the change has made: where somebody else was there since, nothing is taken back. */
  version?: number;
  /** What to load anew, by the first part of its query key. */
  lists: readonly string[];
}

/** Says what was changed, with the way back for ten seconds; without one where it could not be exact, or nothing was changed. */
export function toastChange(text: string, back: Back | null): void {
  toast(text, back && Object.keys(back.body).length > 0 ? () => takeBack(back) : undefined);
}

async function takeBack({ method, path, params, body, version, lists }: Back): Promise<void> {
  const t = translate(kitText, currentLanguage());
  try {
    await api[method]<unknown>(path, body, { params, version });
    toast(t('undo.done'));
  } catch (error) {
    toastProblem(error, toProblem(error).code === 'version.conflict' ? t('undo.changed') : undefined);
  }
  await Promise.all(lists.map((first) => queryClient.invalidateQueries({ queryKey: [first] })));
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

/**
 * The part of `body` that changes `row`, as it was before. What is sent under another name than it is read, such as `owner_id` of
 * `owner`, is found; `said` gives what is read in another shape. Null where something that changes cannot be told from the row.
 */
export function asItWas(row: object, body: Record<string, unknown>, said: Record<string, unknown> = {}): Record<string, unknown> | null {
  const known = row as Record<string, unknown>;
  const was: Record<string, unknown> = {};
  for (const [key, next] of Object.entries(body)) {
    if (next === undefined) continue;
    const plain = key.replace(/_id$/, '');
    let before: unknown;
    if (key in said) before = said[key];
    else if (key in known) before = known[key];
    else if (plain !== key && plain in known) before = (known[plain] as { id?: unknown } | null)?.id ?? null;
    else return null;
    if (same(before, next)) continue;
    if (before === undefined) return null;
    was[key] = before;
  }
  return was;
}
