/** The last word of the server about this person's day, kept whole for the time without a network. */
import type { ApiClient } from '@tashi/shared/api';
import type { FieldSnapshot, Me } from '@tashi/shared/api';
import { setTimeZone } from '@tashi/shared/i18n';
import { hearServerTime } from '../app/clock.ts';
import { adopt } from '../work/visit.ts';
import { hear } from './mono.ts';
import { db, getKey, setKey } from './store.ts';

let running: Promise<void> | null = null;

/** Fetches and stores the snapshot; concurrent calls share one request. Rejects with the client's problem. */
export function refreshSnapshot(client: ApiClient, owner: string): Promise<void> {
  running ??= fetchAndStore(client, owner).finally(() => {
    running = null;
  });
  return running;
}

async function fetchAndStore(client: ApiClient, owner: string): Promise<void> {
  const asked = await getKey('session');
  const snapshot = await client.get<FieldSnapshot>('/field/snapshot');
  // The answer may arrive after somebody else signed in; it belongs to the person it names.
  if (snapshot.me.employee.id !== owner) return;
  hearServerTime(snapshot.server_time);
  hear(owner, snapshot.nonce);
  setTimeZone(snapshot.me.company.time_zone);
  await storeSnapshot(snapshot, owner);
  await renewMe(snapshot.me, asked?.me);
  const before = await getKey('epoch');
  const serverNow = Math.max(before?.serverNow ?? 0, Date.parse(snapshot.server_time));
  await setKey('epoch', { epoch: snapshot.epoch, serverNow });
}

/** Replaces everything of this person in one transaction, so that no screen sees half a day. */
export async function storeSnapshot(snapshot: FieldSnapshot, owner: string): Promise<void> {
  const { customers, contacts, problems, visits, ...rest } = snapshot;
  await db.transaction('rw', db.customers, db.snapshots, db.visits, async () => {
    await db.customers.where('owner').equals(owner).delete();
    await db.customers.bulkPut(customers.map((customer) => ({
      owner, id: customer.id, customer, contacts: contacts[customer.id] ?? [], problems: problems[customer.id] ?? [], visits: visits[customer.id] ?? [],
    })));
    await db.snapshots.put({ ...rest, owner, fetched: Date.now() });
    const open = snapshot.open_visit;
    // What this phone holds itself is newer than what the server has of it.
    if (open && !(await db.visits.get(open.id))) {
      await db.visits.add(adopt(open, owner, snapshot.tasks.find((t) => t.id === open.task_id), snapshot.forms, snapshot.guides ?? []));
    }
  });
}

/**
 * The session carries the person's name and rights; they follow the server when they change. What the phone itself has changed
 * since it `asked`, a password for one, is newer than the answer.
 */
async function renewMe(me: Me, asked: Me | undefined): Promise<void> {
  const facts = ({ employee, company, permissions, must_change_password }: Me) => JSON.stringify([employee, company, permissions, must_change_password]);
  await db.transaction('rw', db.kv, async () => {
    const session = await getKey('session');
    const newer = asked && session && facts(session.me) !== facts(asked);
    if (session?.owner === me.employee.id && !newer && facts(session.me) !== facts(me)) await setKey('session', { ...session, me });
  });
}
