/**
 * Everything a person can write down in the field. Each is one strict transaction of the phone's own picture and
 * the outbox entry: saved means both, and nothing here waits for a network.
 */
import Dexie from 'dexie';
import { newId } from '@tashi/shared/api/id.ts';
import type { AttendanceRequestKind, Customer, FieldFix, NewAttendanceRequest, OutsideReason, PasskeyConfirmation, PunchKind, Ref, ReorderCode, SkipCode, Step, SyncBodies, SyncKind, Task } from '@tashi/shared/api';
import { serverNow } from '@tashi/shared/i18n';
import type { FenceAnswer } from '../geo/fence.ts';
import { drain } from '../sync/drain.ts';
import { type OutboxRow, append as enqueue, db, orDiskFull } from '../sync/store.ts';
import { isPractice } from './practice.ts';
import { localDay, monoMs } from '../app/clock.ts';
import { putPhoto, usedPhotos } from './forms.ts';
import { placePhotoStep } from './outside.ts';
import { type Lack, type PictureProof, type StepAnswer, NO_ANSWER, formValue, lackOf } from './steps.ts';
import { type LocalFile, type LocalPhoto, type LocalVisit, formsOf, guidesOf } from './visit.ts';
import { startBurst } from '../location/burst.ts';

const APP = `field/${import.meta.env?.VITE_APP_VERSION ?? '0.1.0'}`;

export type Draft = Omit<OutboxRow, 'seq'>;

export function draft<K extends SyncKind>(owner: string, kind: K, body: SyncBodies[K], more: Partial<Draft> = {}): Draft {
  const now = Date.now();
  const mono = monoMs();
  return {
    id: newId(now), owner, lane: 'item', needs: [], size: 0, restarts: 0, status: 'queued', receipt: null, refusal: null,
    kind, at: new Date(now).toISOString(), ...(mono === null ? {} : { mono_ms: mono }), body, visit_id: null, about: '',
    day: localDay(serverNow()), app: APP, offline: globalThis.navigator?.onLine === false, receipt_epoch: '', sent: 0, ...more,
  };
}

/** What belongs to a practice goes nowhere: its owner is nobody who signs in, and nothing of it is queued. */
const append = (rows: readonly Draft[]) => enqueue(rows.filter((row) => !isPractice(row.owner)));

/** Stores and starts sending. Rejects with `DiskFull` when nothing was stored. */
export async function commit<T>(work: () => Promise<T>): Promise<T> {
  const done = await orDiskFull(db.transaction('rw', db.outbox, db.visits, db.photos, work));
  void drain(false);
  return done;
}

const aboutVisit = (visit: LocalVisit): Partial<Draft> => ({
  visit_id: visit.id, about: visit.customer.name, needs: visit.check_in.entry ? [visit.check_in.entry] : [],
});

export interface CheckIn {
  owner: string;
  customer: Pick<Customer, 'id' | 'name' | 'grade' | 'address' | 'at' | 'radius_m'>;
  task: Task | null;
  fix: FieldFix | null;
  fence: FenceAnswer | null;
  nonce: string | null;
  /** Why it is made from outside the fence. */
  outside?: OutsideReason;
  /** A photo of the place is asked for as well. */
  placePhoto?: boolean;
  /** The person's passkey, made for this visit. */
  passkey?: PasskeyConfirmation;
  /** What a passkey was made for. */
  visitId?: string;
}

export async function checkIn({ owner, customer, task, fix, fence, nonce, outside, placePhoto, passkey, visitId }: CheckIn): Promise<string> {
  const visit_id = visitId ?? newId();
  const item = draft(owner, 'visit.check_in', {
    visit_id, task_id: task?.id ?? null, customer_id: customer.id, fix, offline: globalThis.navigator?.onLine === false, ...(nonce ? { nonce } : {}), ...(outside ? { outside } : {}), ...(placePhoto ? { place_photo: true } : {}), ...(passkey ? { passkey } : {}),
  }, { visit_id, about: customer.name });
  const { id, name, grade, address, at, radius_m } = customer;
  const visit: LocalVisit = {
    id: visit_id, owner, task_id: task?.id ?? null, customer: { id, name, grade, address, at, radius_m }, day: localDay(serverNow()), seq: task?.seq ?? null,
    steps: [...(placePhoto ? [placePhotoStep(visit_id)] : []), ...(task?.steps ?? [])], min_stay_s: task?.min_stay_s ?? 0, status: 'open', check_in: { at: item.at, entry: item.id, fix, fence, ...(outside ? { outside } : {}) },
    answers: {}, photos: [], current: null, summary: '', check_out_at: null, saved_at: item.at,
  };
  startBurst();
  const snapshot = await db.snapshots.get(owner);
  visit.forms = formsOf(visit.steps, snapshot?.forms ?? []);
  visit.guides = guidesOf(visit.steps, snapshot?.guides ?? []);
  await commit(async () => {
    await db.visits.add(visit);
    await append([item]);
  });
  return visit_id;
}

/** Autosave: the answer as it is on the screen now, before the step is done. */
export async function saveAnswer(visitId: string, stepId: string, change: Partial<StepAnswer>): Promise<void> {
  await orDiskFull(db.transaction('rw', db.visits, () => amend(visitId, stepId, change)));
}

async function amend(visitId: string, stepId: string, change: Partial<StepAnswer>): Promise<LocalVisit> {
  const visit = await db.visits.get(visitId);
  if (!visit) throw new Error('This visit is not on the phone');
  const saved_at = new Date().toISOString();
  const before = visit.answers[stepId] ?? { ...NO_ANSWER, started_at: saved_at };
  const after: LocalVisit = { ...visit, current: stepId, saved_at, answers: { ...visit.answers, [stepId]: { ...before, ...change } } };
  await db.visits.put(after);
  return after;
}

/** The guide of a step was opened: noted once, and it goes with the step. */
export async function openGuide(visitId: string, stepId: string): Promise<void> {
  await orDiskFull(db.transaction('rw', db.visits, async () => {
    const known = (await db.visits.get(visitId))?.answers[stepId];
    if (!known?.guide_opened_at) await amend(visitId, stepId, { guide_opened_at: new Date().toISOString() });
  }));
}

/** A version was read to its end. */
export async function readArticle(owner: string, article: { id: string; number: number; title: string }, opened_at: string): Promise<void> {
  await commit(async () => {
    const said = await db.outbox.where('[owner+kind]').equals([owner, 'article.read'])
      .filter((row) => row.status !== 'refused' && row.status !== 'set_aside' && (row.body as SyncBodies['article.read']).article_id === article.id && (row.body as SyncBodies['article.read']).number === article.number).count();
    if (said === 0) await append([draft(owner, 'article.read', { article_id: article.id, number: article.number, opened_at }, { about: article.title })]);
  });
}

export async function saveVisit(visitId: string, change: Partial<Pick<LocalVisit, 'current' | 'summary'>>): Promise<void> {
  await orDiskFull(db.visits.update(visitId, { ...change, saved_at: new Date().toISOString() }));
}

export interface Shot {
  bytes: ArrayBuffer;
  sha256: string;
  width: number;
  height: number;
  taken_at: string;
  thumb: string;
  fix: FieldFix | null;
}

/**
 * A photo the person chose to keep: record, bytes and answer in one transaction; answers its id. In a form it also becomes the answer
 * of the field at `field` (`front`, or `rows.0.pic`); `@signature`, `@group_photo` and `@photo` make it a proof of the step.
 */
export async function addPhoto(visitId: string, step: Step, shot: Shot, field?: string): Promise<string> {
  const mime = 'image/jpeg';
  const photo_id = newId();
  await commit(async () => {
    const visit = await db.visits.get(visitId);
    if (!visit) throw new Error('This visit is not on the phone');
    const { sha256, width, height, taken_at, thumb, bytes, fix } = shot;
    const proof = field?.startsWith('@') ? (field.slice(1) as PictureProof) : null;
    const purpose = proof && proof !== 'photo' ? { purpose: proof } : {};
    const photo: LocalPhoto = { id: photo_id, step_id: step.id, sha256, size: bytes.byteLength, width, height, taken_at, thumb, ...purpose };
    const item = draft(visit.owner, 'visit.photo', {
      visit_id: visit.id, step_id: step.id, photo_id, sha256, size: bytes.byteLength, mime, width, height, taken_at, ...(fix ? { fix } : {}), live: true, ...purpose,
    }, aboutVisit(visit));
    const file: Draft = { ...item, id: photo_id, lane: 'upload', kind: 'photo', needs: [item.id], size: bytes.byteLength, body: { mime, sha256 } };
    const answer = visit.answers[step.id] ?? { ...NO_ANSWER, started_at: taken_at };
    const taken: StepAnswer = proof
      ? { ...answer, proof_ids: { ...answer.proof_ids, [proof]: [...(answer.proof_ids?.[proof] ?? []), photo_id] } }
      : { ...answer, value: field ? putPhoto(answer.value, field, photo_id) : answer.value, photo_ids: [...answer.photo_ids, photo_id] };
    await db.photos.add({ id: photo_id, owner: visit.owner, bytes, mime });
    await append([item, file]);
    await db.visits.put({
      ...visit, saved_at: item.at, current: step.id, photos: [...visit.photos, photo],
      answers: { ...visit.answers, [step.id]: taken },
    });
  });
  return photo_id;
}

/** Sound that was recorded at a step, with the notice given. */
export interface Clip {
  bytes: ArrayBuffer;
  sha256: string;
  mime: string;
  duration_ms: number;
  started_at: string;
}

/** A recording the person ended: record, bytes and answer in one transaction; answers its id. */
export async function addAudio(visitId: string, step: Step, clip: Clip): Promise<string> {
  const audio_id = newId();
  await commit(async () => {
    const visit = await db.visits.get(visitId);
    if (!visit) throw new Error('This visit is not on the phone');
    const { bytes, sha256, mime, duration_ms, started_at } = clip;
    const size = bytes.byteLength;
    const item = draft(visit.owner, 'visit.audio', { visit_id: visit.id, step_id: step.id, audio_id, sha256, size, mime, duration_ms, started_at, notice: true }, aboutVisit(visit));
    const file: Draft = { ...item, id: audio_id, lane: 'upload', kind: 'audio', needs: [item.id], size, body: { mime, sha256 } };
    const answer = visit.answers[step.id] ?? { ...NO_ANSWER, started_at };
    await db.photos.add({ id: audio_id, owner: visit.owner, bytes, mime });
    await append([item, file]);
    await db.visits.put({
      ...visit, saved_at: item.at, current: step.id, recordings: [...(visit.recordings ?? []), { id: audio_id, step_id: step.id, duration_ms, started_at }],
      answers: { ...visit.answers, [step.id]: { ...answer, audio_ids: [...(answer.audio_ids ?? []), audio_id] } },
    });
  });
  return audio_id;
}

/** A file a person has chosen, with its bytes. */
export type Chosen = Omit<LocalFile, 'id' | 'step_id'> & { bytes: ArrayBuffer };

/** Keeps a file for an answer of a form; answers what is known of it. It is sent with the step that names it. */
export async function addFile(visitId: string, step_id: string, { bytes, ...facts }: Chosen): Promise<LocalFile> {
  const file: LocalFile = { id: newId(), step_id, ...facts };
  await orDiskFull(db.transaction('rw', db.visits, db.photos, async () => {
    const visit = await db.visits.get(visitId);
    if (!visit) throw new Error('This visit is not on the phone');
    await db.photos.add({ id: file.id, owner: visit.owner, bytes, mime: file.mime });
    await db.visits.update(visitId, { files: [...(visit.files ?? []), file] });
  }));
  return file;
}

/** Keeps a file for an answer of a record that belongs to no visit. */
export async function keepFile(owner: string, { bytes, ...facts }: Chosen): Promise<LocalFile> {
  const file: LocalFile = { id: newId(), ...facts };
  await orDiskFull(db.photos.add({ id: file.id, owner, bytes, mime: file.mime }));
  return file;
}

/**
 * Entries for the files that answers name and that are not on their way yet; what was taken out again is forgotten. Part of a
 * transaction over outbox and photos.
 */
async function filesFor(item: Draft, files: readonly LocalFile[], answers: unknown): Promise<Draft[]> {
  const text = JSON.stringify(answers ?? null);
  const named = files.filter((file) => text.includes(file.id));
  await db.photos.bulkDelete(files.filter((file) => !named.includes(file)).map((file) => file.id));
  const known = await db.outbox.bulkGet(named.map((file) => file.id));
  return named.filter((_, n) => known[n] === undefined).map(({ id, mime, sha256, size, name }): Draft => ({ ...item, id, lane: 'upload', kind: 'file', needs: [item.id], size, about: name, body: { mime, sha256, name } }));
}

/**
 * Marks a step done, or says what it still lacks and changes nothing. Judged by what is on the disk: an answer that
 * was given just now counts, even when the screen has not drawn it yet. A step that is settled already stays as it is.
 */
export function finishStep(visitId: string, step: Step, fix: FieldFix | null, judge: (answer: StepAnswer) => Lack | null = (answer) => lackOf(step, answer)): Promise<Lack | null> {
  return handing(async () => {
    const answer = (await db.visits.get(visitId))?.answers[step.id] ?? NO_ANSWER;
    if (answer.status !== 'todo') return null;
    const lack = judge(answer);
    if (!lack) await settle(visitId, step, { status: 'done', reason: null }, fix);
    return lack;
  });
}

export async function skipStep(visitId: string, step: Step, reason: string, fix: FieldFix | null): Promise<void> {
  await handing(() => settle(visitId, step, { status: 'skipped', reason }, fix));
}

/** Part of a transaction over outbox and visits. */
async function settle(visitId: string, step: Step, change: { status: 'done' | 'skipped'; reason: string | null }, fix: FieldFix | null): Promise<void> {
  const visit = await amend(visitId, step.id, { ...change, ended_at: new Date().toISOString() });
  const answer = visit.answers[step.id] ?? NO_ANSWER;
  // Of a form only the pictures that are still answers: others were taken out again.
  const form = step.kind === 'form' ? formValue(answer.value) : null;
  const photos = [...(step.kind === 'form' ? usedPhotos(form, answer.photo_ids) : answer.photo_ids), ...Object.values(answer.proof_ids ?? {}).flat()];
  const sounds = step.proofs?.includes('audio') ? (answer.audio_ids ?? []) : usedPhotos(form, answer.audio_ids ?? []);
  const here = step.proofs?.includes('place') ? (answer.place ?? fix) : fix;
  const rows = await db.outbox.where('visit_id').equals(visit.id).toArray();
  const replaced = rows.filter((row) => row.status === 'refused' && stepOf(row) === step.id);
  const item = draft(visit.owner, 'visit.step', {
    visit_id: visit.id, step_id: step.id, status: change.status,
    ...(change.status === 'done' && answer.value !== null ? { value: answer.value } : {}),
    ...(photos.length > 0 ? { photo_ids: photos } : {}),
    ...(answer.started_at ? { started_at: answer.started_at } : {}),
    ...(here ? { fix: here } : {}), ...(sounds.length > 0 ? { audio_ids: sounds } : {}), ...(answer.code ? { code: answer.code } : {}), ...(answer.passkey ? { passkey: answer.passkey } : {}), ...(change.reason ? { reason: change.reason } : {}), ...(answer.guide_opened_at ? { guide_opened_at: answer.guide_opened_at } : {}), ...(answer.scan ? { scan: answer.scan } : {}),
  }, { ...aboutVisit(visit), needs: needsOfStep(visit, step, rows) });
  // The repair of a refused answer speaks of the moment of the visit, which may be over by now.
  const first = replaced[0];
  await db.visits.update(visitId, { current: null });
  const mine = change.status === 'done' ? (visit.files ?? []).filter((file) => file.step_id === undefined || file.step_id === step.id) : [];
  const files = await filesFor(item, mine, answer.value);
  const record = change.status === 'done' ? formValue(answer.value)?.record_id : undefined;
  const chosen = record ? await chosenFor(visit.owner, `form/${record}`, record) : [];
  await append([...chosen, first ? { ...item, at: first.at, mono_ms: first.mono_ms } : item, ...files]);
  await takePlace(replaced, item.id, rows);
}

const stepOf = (row: OutboxRow): string | null => (row.kind === 'visit.step' ? (row.body as SyncBodies['visit.step']).step_id : null);

/** A step builds on the check-in, on its photos' records, and on the mandatory steps before it. */
function needsOfStep(visit: LocalVisit, step: Step, rows: readonly OutboxRow[]): string[] {
  const before = new Set(visit.steps.slice(0, visit.steps.findIndex((one) => one.id === step.id)).filter((one) => one.mandatory).map((one) => one.id));
  const newest = new Map<string, string>();
  for (const row of [...rows].sort((a, b) => a.seq - b.seq)) {
    const id = stepOf(row);
    if (id && before.has(id)) newest.set(id, row.id);
  }
  const photos = rows.filter((row) => (row.kind === 'visit.photo' || row.kind === 'visit.audio') && (row.body as SyncBodies['visit.photo']).step_id === step.id).map((row) => row.id);
  return [...(visit.check_in.entry ? [visit.check_in.entry] : []), ...newest.values(), ...photos];
}

/** The new entry stands where the refused ones stood: they rest, and what waited for them waits for it. */
async function takePlace(replaced: readonly OutboxRow[], id: string, rows: readonly OutboxRow[]): Promise<void> {
  const old = new Set(replaced.map((row) => row.id));
  for (const row of replaced) await db.outbox.put({ ...row, status: 'set_aside' });
  for (const row of rows) {
    if (!old.has(row.id) && row.needs.some((need) => old.has(need))) await db.outbox.put({ ...row, needs: [...new Set(row.needs.map((need) => (old.has(need) ? id : need)))] });
  }
}

/** Ends a practice: what leaves the phone is that it was done. */
export async function endPractice(visitId: string, owner: string): Promise<void> {
  await commit(async () => {
    const visit = await db.visits.get(visitId);
    if (!visit?.practice || visit.status === 'done') return;
    const all = visit.steps.map((step) => visit.answers[step.id]?.status ?? 'todo');
    const item = draft(owner, 'practice.done', {
      practice_id: visit.id, template_id: visit.practice.template_id, steps_version: visit.practice.steps_version, started_at: visit.check_in.at,
      done: all.filter((one) => one === 'done').length, skipped: all.filter((one) => one === 'skipped').length, total: all.length,
    }, { about: visit.practice.template });
    await append([item]);
    await db.visits.put({ ...visit, status: 'done', check_out_at: item.at, current: null, saved_at: item.at });
  });
}

export async function checkOut(visitId: string, fix: FieldFix | null): Promise<void> {
  startBurst();
  await commit(async () => {
    const visit = await db.visits.get(visitId);
    if (!visit || visit.status === 'done') return;
    const text = visit.summary.trim();
    const out = draft(visit.owner, 'visit.check_out', { visit_id: visit.id, fix }, aboutVisit(visit));
    await append([...(text ? [draft(visit.owner, 'visit.summary', { visit_id: visit.id, text }, aboutVisit(visit))] : []), out]);
    await db.visits.put({ ...visit, status: 'done', check_out_at: out.at, current: null, saved_at: out.at });
  });
}

/** Accepts the day's new tasks. */
export async function acceptTasks(owner: string, tasks: readonly Task[]): Promise<void> {
  await commit(() => append(tasks.map((task) => draft(owner, 'task.accept', { task_id: task.id }, { about: task.customer.name }))));
}

/** Says once that the person has seen the plan. */
export async function readPlan(owner: string, planId: string): Promise<void> {
  await commit(async () => {
    const said = await db.outbox.where('[owner+day]').between([owner, Dexie.minKey], [owner, Dexie.maxKey])
      .filter((row) => row.kind === 'plan.read' && (row.body as SyncBodies['plan.read']).plan_id === planId).count();
    if (said === 0) await append([draft(owner, 'plan.read', { plan_id: planId })]);
  });
}

/** Says yes to an urgent task. It counts when the server has it in time: until then the screen says that it waits. */
export async function acceptUrgent(owner: string, call: { id: string; customer: { name: string } }): Promise<void> {
  await commit(() => answerOnce(owner, call.id, draft(owner, 'urgent.accept', { offer_id: call.id }, { about: call.customer.name })));
}

export async function refuseUrgent(owner: string, call: { id: string; customer: { name: string } }, reason: string): Promise<void> {
  await commit(() => answerOnce(owner, call.id, draft(owner, 'urgent.refuse', { offer_id: call.id, reason }, { about: call.customer.name })));
}

/** An offer has one answer, also when two tabs are pressed. */
async function answerOnce(owner: string, offer: string, item: Draft): Promise<void> {
  const said = await db.outbox.where('[owner+day]').between([owner, Dexie.minKey], [owner, Dexie.maxKey])
    .filter((row) => isAnswer(row.kind) && (row.body as { offer_id: string }).offer_id === offer).count();
  if (said === 0) await append([item]);
}

export const isAnswer = (kind: string): boolean => kind === 'urgent.accept' || kind === 'urgent.refuse';

export async function setOut(owner: string, task: Task): Promise<void> {
  await commit(() => append([draft(owner, 'task.on_the_way', { task_id: task.id }, { about: task.customer.name })]));
}

export async function skipTask(owner: string, task: Task, code: SkipCode, words: string): Promise<void> {
  await handing(async () => {
    const item = draft(owner, 'task.skip', { task_id: task.id, code, ...(words ? { reason: words } : {}) }, { about: task.customer.name });
    await append([...(await chosenFor(owner, `task.skip/${task.id}`, item.id)), item]);
  });
}

/** Another order of today's open stops. `instead` is a refused wish this one takes the place of. */
export async function reorderPlan(owner: string, plan: { id: string; version: number }, order: readonly string[], code: ReorderCode, words: string, instead: string | null): Promise<void> {
  await handing(async () => {
    const before = instead ? await db.outbox.get(instead) : undefined;
    const item = draft(owner, 'plan.reorder', { plan_id: plan.id, base_version: plan.version, order: [...order], code, ...(words ? { words } : {}) });
    await append([...(await chosenFor(owner, `plan.reorder/${plan.id}`, item.id)), item]);
    if (before?.status === 'refused' && before.kind === 'plan.reorder') await db.outbox.put({ ...before, status: 'set_aside' });
  });
}

export async function readNotices(owner: string, ids: readonly string[]): Promise<void> {
  await commit(() => append(ids.map((notice_id) => draft(owner, 'notice.read', { notice_id }))));
}

export async function openProblem(owner: string, customer: { id: string; name: string }, text: string): Promise<void> {
  await commit(() => append([draft(owner, 'problem.open', { customer_id: customer.id, problem_id: newId(), text }, { about: customer.name })]));
}

/** From this moment nothing is recorded until the trip is ended; what the server has of it by then is removed there. */
export async function startPrivate(owner: string): Promise<void> {
  await commit(() => append([draft(owner, 'private.start', { trip_id: newId() })]));
}

export async function endPrivate(owner: string, trip_id: string): Promise<void> {
  await commit(async () => {
    const start = await db.outbox.where('[owner+day]').between([owner, Dexie.minKey], [owner, Dexie.maxKey])
      .filter((row) => row.kind === 'private.start' && (row.body as SyncBodies['private.start']).trip_id === trip_id).first();
    await append([draft(owner, 'private.end', { trip_id }, { needs: start ? [start.id] : [] })]);
  });
}

export async function consent(owner: string, policy_text_version: string): Promise<void> {
  await commit(() => append([draft(owner, 'consent', { policy_text_version })]));
}

/** People chosen to decide about what is about to be handed in, by step. */
export type Deciders = Record<string, Ref[]>;

const chosenKey = (owner: string, place: string) => `cache/${owner}/chosen/${place}`;

export async function chosenKept(owner: string, place: string): Promise<Deciders> {
  return ((await db.kv.get(chosenKey(owner, place)))?.value as Deciders | undefined) ?? {};
}

export async function keepChosen(owner: string, place: string, value: Deciders): Promise<void> {
  await orDiskFull(db.kv.put({ key: chosenKey(owner, place), value }));
}

/** Part of a transaction that hands something in: the choice goes before it, under the record's id. */
async function chosenFor(owner: string, place: string, record_id: string): Promise<Draft[]> {
  const chosen = Object.entries(await chosenKept(owner, place)).filter(([, people]) => people.length > 0);
  await db.kv.delete(chosenKey(owner, place));
  if (chosen.length === 0) return [];
  return [draft(owner, 'approval.choose', { record_id, chosen: Object.fromEntries(chosen.map(([node, people]) => [node, people.map((one) => one.id)])) }, { about: chosen.flatMap(([, people]) => people.map((one) => one.name)).join(' · ') })];
}

/** {@link commit} for what may carry a choice along. */
async function handing<T>(work: () => Promise<T>): Promise<T> {
  const done = await orDiskFull(db.transaction('rw', db.outbox, db.visits, db.photos, db.kv, work));
  void drain(false);
  return done;
}

/** What is being filled in of an object: on the disk with every key, one of each object. */
export interface ObjectDraft {
  record_id: string;
  answers: Record<string, unknown>;
  files?: LocalFile[];
}

/** Lies with the cached answers, and goes with them when the person signs out. */
const draftKey = (owner: string, key: string) => `cache/${owner}/object-draft/${key}`;

export async function objectDraft(owner: string, key: string): Promise<ObjectDraft | null> {
  return ((await db.kv.get(draftKey(owner, key)))?.value as ObjectDraft | undefined) ?? null;
}

export async function saveObjectDraft(owner: string, key: string, value: ObjectDraft): Promise<void> {
  await orDiskFull(db.kv.put({ key: draftKey(owner, key), value }));
}

/** Hands a record in: the entry of the outbox takes the draft's place in one transaction. */
export async function submitObject(owner: string, object: { key: string; number: number }, draftOf: ObjectDraft, about: string): Promise<void> {
  const { record_id, answers, files = [] } = draftOf;
  const item = draft(owner, 'object.create', { record_id, object_key: object.key, number: object.number, answers }, { about });
  await orDiskFull(db.transaction('rw', db.outbox, db.kv, db.photos, async () => {
    const said = await db.outbox.where('[owner+day]').between([owner, Dexie.minKey], [owner, Dexie.maxKey])
      .filter((row) => row.kind === 'object.create' && (row.body as SyncBodies['object.create']).record_id === record_id).count();
    // Pressed in two tabs it is one record.
    if (said === 0) await append([...(await chosenFor(owner, `object/${object.key}`, record_id)), item, ...(await filesFor(item, files, answers))]);
    await db.kv.delete(draftKey(owner, object.key));
  }));
  void drain(false);
}

/** Comes or goes: on the disk before the screen says so, judged by the server when it hears of it. */
export async function recordPunch(owner: string, punch: { kind: PunchKind; fix: FieldFix | null; reason: string | null; nonce: string | null; photo?: LocalFile | null }, about: string): Promise<void> {
  const { kind, fix, reason, nonce, photo } = punch;
  const body: SyncBodies['punch'] = { punch_id: newId(), kind, fix, offline: globalThis.navigator?.onLine === false, ...(reason ? { reason } : {}), ...(photo ? { photo_id: photo.id } : {}), ...(nonce ? { nonce } : {}) };
  const item = draft(owner, 'punch', body, { about });
  await commit(async () => append([item, ...(photo ? await filesFor(item, [photo], body) : [])]));
}

/** What is being asked for: on the disk with every key, one of each kind. */
export type RequestDraft = Partial<Omit<NewAttendanceRequest, 'kind'>>;

const requestKey = (owner: string, kind: AttendanceRequestKind) => `cache/${owner}/attendance-draft/${kind}`;

export async function requestDraft(owner: string, kind: AttendanceRequestKind): Promise<RequestDraft | null> {
  return ((await db.kv.get(requestKey(owner, kind)))?.value as RequestDraft | undefined) ?? null;
}

export async function saveRequestDraft(owner: string, kind: AttendanceRequestKind, value: RequestDraft): Promise<void> {
  await orDiskFull(db.kv.put({ key: requestKey(owner, kind), value }));
}

/** Hands a request in: the entry of the outbox takes the draft's place in one transaction. */
export async function submitRequest(owner: string, request: NewAttendanceRequest, about: string): Promise<void> {
  await orDiskFull(db.transaction('rw', db.outbox, db.kv, async () => {
    const said = await db.outbox.where('[owner+day]').between([owner, Dexie.minKey], [owner, Dexie.maxKey])
      .filter((row) => row.kind === 'attendance.request' && (row.body as NewAttendanceRequest).id === request.id).count();
    // Pressed in two tabs it is one request.
    if (said === 0) await append([...(await chosenFor(owner, `attendance/${request.kind}`, request.id)), draft(owner, 'attendance.request', request, { about })]);
    await db.kv.delete(requestKey(owner, request.kind));
  }));
  void drain(false);
}

/** Declares overtime beside whatever is being filled in for later. */
export async function declareOvertime(owner: string, request: NewAttendanceRequest, about: string): Promise<void> {
  await handing(async () => append([...(await chosenFor(owner, 'attendance/overtime', request.id)), draft(owner, 'attendance.request', request, { about })]));
}

export async function withdrawRequest(owner: string, request_id: string, about: string): Promise<void> {
  await commit(async () => {
    const begun = await db.outbox.where('[owner+day]').between([owner, Dexie.minKey], [owner, Dexie.maxKey])
      .filter((row) => row.kind === 'attendance.request' && (row.body as NewAttendanceRequest).id === request_id).first();
    await append([draft(owner, 'attendance.withdraw', { request_id }, { about, needs: begun ? [begun.id] : [] })]);
  });
}
