/** Long lists that forms choose from, on the phone before they are needed: equipment and products. */
import type { ApiClient } from '@tashi/shared/api/client.ts';
import type { FieldChoices } from '@tashi/shared/api';
import type { Field, FormSpec } from '@tashi/shared/forms/index.ts';
import { db, orDiskFull } from '../sync/store.ts';

export type Listed = 'equipment' | 'product';

/** A list is fetched again when it is older. */
const OLD_MS = 30 * 60_000;

interface Kept {
  data: FieldChoices;
  fetched: number;
}

/** Lies with the cached answers, and goes with them when the person signs out. */
export const choicesKey = (owner: string, to: Listed) => `cache/${owner}/choices/${to}`;

export async function choicesOf(owner: string, to: Listed): Promise<FieldChoices | null> {
  return ((await db.kv.get(choicesKey(owner, to)))?.value as Kept | undefined)?.data ?? null;
}

/** The lists that these forms ask for. Pure. */
export function listsOf(specs: readonly FormSpec[]): Set<Listed> {
  const asked = new Set<Listed>();
  const look = (fields: readonly Field[]) => {
    for (const field of fields) {
      if (field.type === 'table') look(field.fields);
      else if (field.type === 'reference' && (field.to === 'equipment' || field.to === 'product')) asked.add(field.to);
    }
  };
  for (const spec of specs) look(spec.fields);
  return asked;
}

/** Fetches what the forms on this phone ask for and what is not here or old. */
export async function tendChoices(client: ApiClient, owner: string): Promise<void> {
  const snapshot = await db.snapshots.get(owner);
  const specs = [...(snapshot?.forms ?? []), ...(snapshot?.objects ?? [])].map((one) => one.spec as FormSpec);
  for (const to of listsOf(specs)) {
    const kept = (await db.kv.get(choicesKey(owner, to)))?.value as Kept | undefined;
    if (kept && Date.now() - kept.fetched < OLD_MS) continue;
    const data = await client.get<FieldChoices>('/field/choices', { query: { to } });
    await orDiskFull(db.kv.put({ key: choicesKey(owner, to), value: { data, fetched: Date.now() } satisfies Kept }));
  }
}
