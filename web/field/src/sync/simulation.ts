/**
 * A phone, a network and a server that do everything wrong that they may, replayed from a seed: requests are
 * lost before or after the commit, doubled and reordered; the app is killed between any two effects; the disk is
 * full; tokens expire; two tabs compete; two people share the phone; the server returns from an older backup.
 * For tests only.
 */
import { type Change, type Entry, expired, merge } from './entry.ts';
import { type Effect, type Event, type ItemReceipt, type Outbox, emptyOutbox, step } from './machine.ts';

/** Seeded generator (mulberry32), [0, 1). */
export function dice(seed: number): () => number {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** What the person recorded, and how the server will look at it. */
interface Record extends Entry {
  content: string;
  fate: 'good' | 'rejected' | 'unreadable';
}

type Request =
  | { is: 'items'; records: Record[] }
  | { is: 'fixes'; record: Record }
  | { is: 'open'; record: Record }
  | { is: 'chunk'; record: Record; from: number; to: number; corrupt: boolean };

interface File { owner: string; offset: number; corrupt: boolean; done: boolean }
interface Data { items: Map<string, { owner: string; content: string }>; fixes: Map<string, string>; files: Map<string, File> }

const copyOf = (d: Data): Data => ({
  items: new Map(d.items), fixes: new Map(d.fixes), files: new Map([...d.files].map(([id, f]) => [id, { ...f }])),
});

/** The server as the contract describes it: durable, idempotent by id, one answer per item. */
class Server {
  data: Data = { items: new Map(), fixes: new Map(), files: new Map() };
  epoch = 'epoch-1';
  private backups: Data[] = [];
  private lives = 1;
  readonly violations: string[] = [];

  backup() { this.backups.push(copyOf(this.data)); }
  forgetBackups() { this.backups = []; }
  restore(pick: number) {
    const backup = this.backups[Math.floor(pick * this.backups.length)];
    if (!backup) return;
    this.data = copyOf(backup);
    this.lives += 1;
    this.epoch = `epoch-${this.lives}`;
  }

  /** Commits and answers. `owner` is the person the token belongs to. */
  handle(owner: string, request: Request, now: number, roll: number): (no: number) => Event {
    switch (request.is) {
      case 'items': {
        if (request.records.some((r) => r.fate === 'unreadable')) {
          return (no) => ({ is: 'failed', no, cause: { is: 'malformed', refusal: { code: 'invalid', title: '', detail: '' } }, now, dice: roll });
        }
        const receipts = request.records.map((r) => this.take(owner, r, now));
        const epoch = this.epoch;
        return (no) => ({ is: 'items_answered', no, epoch, receipts, now, dice: roll });
      }
      case 'fixes':
        this.mine(owner, request.record);
        this.data.fixes.set(request.record.id, request.record.content);
        return (no) => ({ is: 'fixes_answered', no, at: now, now });
      case 'open': {
        this.mine(owner, request.record);
        const file = this.data.files.get(request.record.id) ?? { owner, offset: 0, corrupt: false, done: false };
        this.data.files.set(request.record.id, file);
        const { offset, done } = file;
        return (no) => ({ is: 'upload_answered', no, offset, complete: done, at: now, now, dice: roll });
      }
      case 'chunk':
        return this.append(request.record, request.from, request.to, request.corrupt, now, roll);
    }
  }

  private take(owner: string, r: Record, now: number): ItemReceipt {
    this.mine(owner, r);
    const known = this.data.items.get(r.id);
    if (known) {
      if (known.content !== r.content) this.violations.push(`${r.id} came with other content`);
      return { id: r.id, status: 'duplicate', at: now, refusal: null };
    }
    const orphan = r.needs.some((id) => !this.data.items.has(id));
    if (orphan || r.fate === 'rejected') {
      return { id: r.id, status: 'rejected', at: now, refusal: { code: orphan ? 'visit.unknown' : 'rule', title: '', detail: '' } };
    }
    this.data.items.set(r.id, { owner: r.owner, content: r.content });
    return { id: r.id, status: 'accepted', at: now, refusal: null };
  }

  private append(r: Record, from: number, to: number, corrupt: boolean, now: number, roll: number): (no: number) => Event {
    const file = this.data.files.get(r.id);
    if (!file) return (no) => ({ is: 'failed', no, cause: { is: 'unreachable' }, now, dice: roll });
    if (!file.done && file.offset === from) {
      file.offset = to;
      file.corrupt ||= corrupt;
      if (to === r.size && file.corrupt) {
        this.data.files.set(r.id, { ...file, offset: 0, corrupt: false });
        return (no) => ({ is: 'upload_wrong', no, now, dice: roll });
      }
      file.done = to === r.size;
    }
    const { offset, done } = file;
    return (no) => ({ is: 'upload_answered', no, offset, complete: done, at: now, now, dice: roll });
  }

  private mine(owner: string, r: Record) {
    if (r.owner !== owner) this.violations.push(`${r.id} of ${r.owner} travelled as ${owner}`);
  }
}

/** One tab or service worker: a machine in memory over the shared store. */
interface Runner { outbox: Outbox; life: number }

export interface Options { seed: number; runners: number; locked: boolean; steps: number }

export class World {
  private readonly roll: () => number;
  private readonly server = new Server();
  private readonly store = new Map<string, Record>();
  private readonly kv = { epoch: null as string | null, serverNow: 0, owner: null as string | null };
  private readonly runners: Runner[];
  private wire: { from: Runner; life: number; no: number; owner: string; request: Request; fate: 'ok' | 'lost' | 'cut' }[] = [];
  private answers: { to: Runner; life: number; event: Event }[] = [];
  private holder: Runner | null = null;
  private tokenGood = true;
  private now = 1_000_000;
  private seq = 0;
  private calm = false;
  /** What the app has said is saved, and everything whose copy was dropped. */
  readonly acknowledged: Record[] = [];
  readonly problems: string[] = [];
  readonly counts = { sent: 0, killed: 0, cut: 0, doubled: 0, restored: 0, quota: 0, dropped: 0, switched: 0 };

  constructor(private readonly options: Options) {
    this.roll = dice(options.seed);
    this.runners = Array.from({ length: options.runners }, () => ({ outbox: emptyOutbox(), life: 0 }));
  }

  run(): this {
    this.signIn('u1');
    for (let i = 0; i < this.options.steps; i++) this.anything();
    this.heal();
    this.judge();
    return this;
  }

  private chance(p: number) { return !this.calm && this.roll() < p; }
  private pick<T>(list: readonly T[]): T | undefined { return list[Math.floor(this.roll() * list.length)]; }

  private anything() {
    this.now += Math.floor(this.roll() * 4000);
    const r = this.roll();
    if (r < 0.2) this.record();
    else if (r < 0.45) this.wake(this.pick(this.runners), this.roll() < 0.5);
    else if (r < 0.68) this.deliver();
    else if (r < 0.88) this.answer();
    else if (r < 0.91) this.kill(this.pick(this.runners));
    else if (r < 0.925) this.tokenGood = false;
    else if (r < 0.95) this.signIn(this.roll() < 0.7 ? 'u1' : 'u2');
    else if (r < 0.965) this.server.backup();
    else if (r < 0.975) { this.server.restore(this.roll()); this.counts.restored += 1; }
    else if (r < 0.985) this.mend();
    else if (r < 0.994) this.refresh();
    else this.sleepAWeek();
  }

  /** The person writes something down; a full disk says so before anything counts as saved. */
  private record() {
    const owner = this.kv.owner;
    if (owner === null) return;
    if (this.chance(0.03)) { this.counts.quota += 1; return; }
    const mine = [...this.store.values()].filter((e) => e.owner === owner && e.lane === 'item');
    const parent = this.roll() < 0.6 ? this.pick(mine.filter((e) => e.needs.length === 0)) : undefined;
    const lane = this.pick(['item', 'item', 'item', 'upload', 'fixes'] as const) ?? 'item';
    const fate = lane !== 'item' ? 'good' : this.roll() < 0.06 ? 'rejected' : this.roll() < 0.03 ? 'unreadable' : 'good';
    this.seq += 1;
    const record: Record = {
      id: `e${this.seq}`, owner, lane, seq: this.seq, needs: parent && lane !== 'fixes' ? [parent.id] : [],
      size: lane === 'upload' ? 1 + Math.floor(this.roll() * 700_000) : 0, restarts: 0, status: 'queued', receipt: null, refusal: null,
      content: `c${Math.floor(this.roll() * 1e9)}`, fate,
    };
    this.store.set(record.id, record);
    this.acknowledged.push(record);
  }

  private wake(runner: Runner | undefined, impatient: boolean) {
    if (!runner) return;
    if (this.options.locked) {
      if (this.holder !== null && this.holder !== runner) return;
      this.holder = runner;
    }
    this.load(runner);
    this.feed(runner, { is: 'woken', now: this.now, impatient });
    if (runner.outbox.flight === null && this.holder === runner) this.holder = null;
  }

  /** A fresh snapshot names the epoch even when nothing waits to be sent. */
  private refresh() {
    this.kv.epoch = this.server.epoch;
    this.kv.serverNow = Math.max(this.kv.serverNow, this.now);
  }

  private load(runner: Runner) {
    if (runner.outbox.owner !== this.kv.owner) {
      this.feed(runner, this.kv.owner === null ? { is: 'signed_out' } : { is: 'signed_in', owner: this.kv.owner });
    }
    if (this.tokenGood && runner.outbox.access === 'expired' && this.kv.owner !== null) this.feed(runner, { is: 'signed_in', owner: this.kv.owner });
    if (this.kv.epoch !== null) this.feed(runner, { is: 'epoch_heard', epoch: this.kv.epoch, serverNow: this.kv.serverNow });
    this.feed(runner, { is: 'loaded', entries: [...this.store.values()] });
  }

  /** One step and its effects; the app may die between any two of them. */
  private feed(runner: Runner, event: Event) {
    const [outbox, effects] = step(runner.outbox, event);
    runner.outbox = outbox;
    for (const effect of effects) {
      if (this.chance(0.01)) return this.kill(runner);
      if (!this.perform(runner, effect)) return this.kill(runner);
    }
  }

  /** False when the disk refused; the driver then starts over from the store. */
  private perform(runner: Runner, effect: Effect): boolean {
    const send = (no: number, request: Request) => {
      const owner = runner.outbox.owner;
      if (owner === null) return;
      this.counts.sent += 1;
      const fate = this.chance(0.12) ? 'lost' : this.chance(0.12) ? 'cut' : 'ok';
      const message = { from: runner, life: runner.life, no, owner, request, fate } as const;
      this.wire.push(message);
      if (this.chance(0.08)) { this.counts.doubled += 1; this.wire.push({ ...message, fate: 'cut' }); }
    };
    const row = (id: string) => this.store.get(id);
    switch (effect.do) {
      case 'save':
        if (this.chance(0.01)) { this.counts.quota += 1; return false; }
        for (const [id, change] of effect.changes) this.apply(id, change);
        return true;
      case 'save_epoch':
        this.kv.epoch = effect.epoch;
        this.kv.serverNow = Math.max(this.kv.serverNow, effect.serverNow);
        return true;
      case 'sweep':
        for (const id of expired([...this.store.values()], effect.epoch, effect.serverNow)) {
          if (this.store.get(id)?.receipt === null) this.problems.push(`${id} dropped without its receipt`);
          this.store.delete(id);
          this.counts.dropped += 1;
        }
        return true;
      case 'send_items':
        send(effect.no, { is: 'items', records: effect.ids.flatMap((id) => row(id) ?? []) });
        return true;
      case 'send_fixes': case 'open_upload': case 'send_chunk': {
        const record = row(effect.id);
        if (!record) {
          // Another tab has dropped it meanwhile; the next look into the store shows that.
          const event: Event = { is: 'failed', no: effect.no, cause: { is: 'unreachable' }, now: this.now, dice: this.roll() };
          this.answers.push({ to: runner, life: runner.life, event });
          return true;
        }
        if (effect.do === 'send_fixes') send(effect.no, { is: 'fixes', record });
        else if (effect.do === 'open_upload') send(effect.no, { is: 'open', record });
        else send(effect.no, { is: 'chunk', record, from: effect.from, to: effect.to, corrupt: this.chance(0.01) });
        return true;
      }
      case 'wait_until': case 'ask_sign_in':
        return true;
    }
  }

  private apply(id: string, change: Change) {
    const row = this.store.get(id);
    if (row) this.store.set(id, merge(row, change));
  }

  private deliver() {
    const at = Math.floor(this.roll() * this.wire.length);
    const [m] = this.wire.splice(at, 1);
    if (!m) return;
    const say = (event: Event) => this.answers.push({ to: m.from, life: m.life, event });
    const roll = this.roll();
    if (m.fate === 'lost') { this.counts.cut += 1; return say({ is: 'failed', no: m.no, cause: { is: 'unreachable' }, now: this.now, dice: roll }); }
    if (!this.tokenGood) return say({ is: 'failed', no: m.no, cause: { is: 'unauthorized' }, now: this.now, dice: roll });
    if (this.chance(0.03)) return say({ is: 'failed', no: m.no, cause: { is: 'busy', retryAfterMs: 2000 }, now: this.now, dice: roll });
    const answer = this.server.handle(m.owner, m.request, this.now, roll);
    if (m.fate === 'cut') { this.counts.cut += 1; return say({ is: 'failed', no: m.no, cause: { is: 'unreachable' }, now: this.now, dice: roll }); }
    say(answer(m.no));
  }

  private answer() {
    const [a] = this.answers.splice(Math.floor(this.roll() * this.answers.length), 1);
    if (!a || a.life !== a.to.life) return;
    this.feed(a.to, a.event);
    if (a.to.outbox.flight === null && this.holder === a.to) this.holder = null;
  }

  private kill(runner: Runner | undefined) {
    if (!runner) return;
    this.counts.killed += 1;
    runner.life += 1;
    runner.outbox = emptyOutbox();
    if (this.holder === runner) this.holder = null;
  }

  private signIn(owner: string) {
    if (this.kv.owner !== null && this.kv.owner !== owner) this.counts.switched += 1;
    this.kv.owner = owner;
    this.tokenGood = true;
  }

  /** The person repairs what was refused: now the server will take it. */
  private mend(refused = this.pick([...this.store.values()].filter((e) => e.status === 'refused' && e.fate !== 'unreadable'))) {
    if (!refused) return;
    const known = this.acknowledged.find((e) => e.id === refused.id);
    if (known) known.fate = 'good';
    this.store.set(refused.id, { ...merge(refused, { to: 'queued' }), fate: 'good' });
  }

  /** Eight days pass. Backups older than the phone's memory are outside the promise. */
  private sleepAWeek() {
    this.now += 8 * 86_400_000;
    this.wire = [];
    this.answers = [];
    for (const runner of this.runners) this.kill(runner);
    this.server.forgetBackups();
    this.server.backup();
  }

  /** The faults end; everything still alive must come to rest by itself. */
  private heal() {
    this.calm = true;
    for (const owner of ['u1', 'u2', 'u1', 'u2']) {
      this.signIn(owner);
      // An answer to the old form may overtake the repair when nothing keeps two tabs apart: he presses again.
      for (const e of this.store.values()) if (e.status === 'refused' && e.fate === 'good') this.mend(e);
      for (let round = 0; round < 400; round++) {
        this.now += 6 * 60_000;
        this.refresh();
        for (const runner of this.runners) this.wake(runner, true);
        while (this.wire.length > 0 || this.answers.length > 0) { this.deliver(); this.answer(); }
        const busy = this.runners.some((r) => r.outbox.flight !== null);
        if (!busy && round > 2) break;
        if (round === 399) this.problems.push(`${owner} does not come to rest`);
      }
    }
  }

  private judge() {
    this.problems.push(...this.server.violations);
    for (const said of this.acknowledged) {
      const row = this.store.get(said.id);
      const held = said.lane === 'item' ? this.server.data.items.get(said.id)?.content === said.content
        : said.lane === 'fixes' ? this.server.data.fixes.get(said.id) === said.content
        : this.server.data.files.get(said.id)?.done === true;
      if (!row) {
        if (!held) this.problems.push(`${said.id} is neither on the phone nor on the server`);
        continue;
      }
      if (row.content !== said.content) this.problems.push(`${said.id} changed on the phone`);
      const blocked = row.needs.some((id) => ['refused', 'queued'].includes(this.store.get(id)?.status ?? ''));
      if (row.status === 'receipted' && !held) this.problems.push(`${said.id} has a receipt but the server lacks it`);
      if (row.status === 'refused' && said.fate === 'good' && said.lane === 'item') this.problems.push(`${said.id} was refused though good`);
      if (row.status === 'queued' && !blocked) this.problems.push(`${said.id} never left`);
    }
  }
}
