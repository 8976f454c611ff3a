/**
 * Drives the machine: one runner per origin, in a page or in the service worker, whoever holds the lock. Where
 * the browser has no locks two may run at once; the machine and the server are made for that.
 */
import { ApiClient } from '@tashi/shared/api/client.ts';
import { type Outbox, type Step, emptyOutbox, step } from './machine.ts';
import { DiskFull, type Session, getKey, loadDue, markSent, orDiskFull, save, setKey, sweep } from './store.ts';
import { enrol, enrolled, sealed } from './seal.ts';
import { perform, type Request } from './wire.ts';

/** What the screens hear while entries travel. */
export interface Flying {
  ids: string[];
  /** Bytes of the file confirmed so far. */
  offset: number | null;
}

const CHANNEL = 'tashi-outbox';
const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(CHANNEL);
const listeners = new Set<(flying: Flying) => void>();
channel?.addEventListener('message', (message: MessageEvent<Flying>) => {
  for (const listener of listeners) listener(message.data);
});

/** Listens to what is on its way, from any tab or the service worker. */
export function onFlying(listener: (flying: Flying) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function tell(flying: Flying): void {
  channel?.postMessage(flying);
  for (const listener of listeners) listener(flying);
}

let outbox: Outbox = emptyOutbox();
let token: string | null = null;

let running: Promise<void> | null = null;
let again: { impatient: boolean } | null = null;

/**
 * Sends what can be sent now; resolves when nothing more can. `impatient` skips the pause after a failure: a person
 * pressed, or the network came back. Calls during a run are answered by one more run behind it.
 */
export function drain(impatient: boolean): Promise<void> {
  if (running) {
    again = { impatient: impatient || (again?.impatient ?? false) };
    return running;
  }
  running = turns(impatient).finally(() => {
    running = null;
  });
  return running;
}

async function turns(impatient: boolean): Promise<void> {
  for (let next: typeof again = { impatient }; next; next = again) {
    again = null;
    const turn = () => run(next?.impatient ?? false);
    try {
      const locks = globalThis.navigator?.locks;
      await (locks ? locks.request('outbox', { ifAvailable: true }, (lock) => (lock ? turn() : undefined)) : turn());
    } catch (error) {
      // The browser closes the database when the app's data is cleared or a newer version opens it.
      if ((error as Error).name !== 'DatabaseClosedError') throw error;
    }
  }
}

/** False only when the browser is sure; it knows no network, not whether the server answers. */
function isOnline(): boolean {
  return globalThis.navigator?.onLine !== false;
}

async function run(impatient: boolean): Promise<void> {
  const session = await getKey('session');
  if (!session) return;
  // Signed when it was made, not when it happens to be sent.
  await sealed(session.owner);
  if (session.expired || (!impatient && !isOnline())) return;
  const device = await getKey('device');
  if (!device) return;
  const client = new ApiClient({ token: () => session.token, language: () => globalThis.document?.documentElement.lang || 'zh-CN' });

  if (outbox.owner !== session.owner || token !== session.token) {
    token = session.token;
    [outbox] = step(outbox, { is: 'signed_in', owner: session.owner });
  }
  let patient = !impatient;
  for (;;) {
    const heard = await getKey('epoch');
    await sealed(session.owner);
    if (heard) [outbox] = step(outbox, { is: 'epoch_heard', ...heard });
    const entries = await loadDue(session.owner, outbox.epoch);
    [outbox] = step(outbox, { is: 'loaded', entries });
    let request = await carryOut(step(outbox, { is: 'woken', now: Date.now(), impatient: !patient }), session);
    patient = true;
    if (!request) break;
    const enrolment = isOnline() ? await enrol(client, session.owner, device, outbox.epoch) : await enrolled(session.owner);
    while (request) {
      const ids = 'ids' in request ? [...request.ids] : [request.id];
      tell({ ids, offset: request.do === 'send_chunk' ? request.from : null });
      // Without a network nothing leaves, and "sent" must not be claimed.
      if (isOnline()) await markSent(ids);
      const event = await perform(request, { client, device, owner: session.owner, enrolment });
      request = await carryOut(step(outbox, event), session);
      // Someone else signed in while the request was out: his entries wait for his own run.
      if ((await getKey('session'))?.token !== session.token) request = null;
    }
    tell({ ids: [], offset: null });
    if (outbox.retryAt > Date.now() || outbox.access !== 'open') break;
  }
}

/** Performs the effects of one step in order and gives back the request to send, if any. */
async function carryOut([next, effects]: Step, session: Session): Promise<Request | null> {
  outbox = next;
  let request: Request | null = null;
  for (const effect of effects) {
    switch (effect.do) {
      case 'save':
        try {
          await orDiskFull(save(effect.changes));
        } catch (error) {
          if (!(error instanceof DiskFull)) throw error;
          // The receipt cannot be written: the entries stay queued and will be asked again, harmlessly.
          outbox = { ...outbox, flight: null };
          return null;
        }
        break;
      case 'save_epoch':
        await setKey('epoch', { epoch: effect.epoch, serverNow: effect.serverNow });
        break;
      case 'sweep':
        await sweep(session.owner, effect.epoch, effect.serverNow);
        break;
      case 'ask_sign_in':
        if ((await getKey('session'))?.token === session.token) await setKey('session', { ...session, expired: true });
        break;
      case 'wait_until':
        break;
      default:
        request = effect;
    }
  }
  return request;
}
