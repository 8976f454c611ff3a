/** Practice visits: whose they are, begun and thrown away. They lie beside real ones under an owner who never signs in. */
import { newId } from '@tashi/shared/api/id.ts';
import type { FieldPractice, PracticeTemplate } from '@tashi/shared/api';
import { serverNow } from '@tashi/shared/i18n';
import { localDay } from '../app/clock.ts';
import { db, orDiskFull } from '../sync/store.ts';
import { type LocalVisit, formsOf, guidesOf } from './visit.ts';

const PREFIX = 'practice/';

/** Under whom a person's practice lies: no queue, no list and no sum asks for this owner. */
export const practiceOwner = (owner: string): string => PREFIX + owner;
export const isPractice = (owner: string): boolean => owner.startsWith(PREFIX);

/** Begins a practice at a customer that does not exist; answers its id. */
export async function startPractice(owner: string, template: PracticeTemplate, offer: FieldPractice, customer: string): Promise<string> {
  const id = newId();
  const at = new Date().toISOString();
  const visit: LocalVisit = {
    id, owner: practiceOwner(owner), task_id: null, customer: { id, name: customer, grade: null, address: null, at: null, radius_m: 0 }, day: localDay(serverNow()), seq: null,
    steps: template.steps, forms: formsOf(template.steps, offer.forms), guides: guidesOf(template.steps, offer.guides),
    practice: { template_id: template.id, template: template.name, steps_version: template.steps_version },
    min_stay_s: template.min_stay_s ?? 0, status: 'open', check_in: { at, entry: null, fix: null, fence: null }, answers: {}, photos: [], current: null, summary: '', check_out_at: null, saved_at: at,
  };
  await orDiskFull(db.visits.add(visit));
  return id;
}

/** Removes a practice with its photos, files and recordings: all their bytes lie in one table. */
export async function dropPractice(id: string): Promise<void> {
  await db.transaction('rw', db.visits, db.photos, async () => {
    const visit = await db.visits.get(id);
    if (!visit || !isPractice(visit.owner)) return;
    await db.photos.bulkDelete([...visit.photos, ...(visit.files ?? []), ...(visit.recordings ?? [])].map((one) => one.id));
    await db.visits.delete(id);
  });
}
