import 'fake-indexeddb/auto';
import { afterEach, describe, expect, it } from 'vitest';
import { db } from '../sync/store.ts';
import { dropPractice, practiceOwner } from './practice.ts';
import type { LocalVisit } from './visit.ts';

/** A visit with a photo, a file and a recording, and their bytes. */
async function put(id: string, owner: string) {
  const own = (what: string) => ({ id: `${id}-${what}` });
  await db.visits.put({ id, owner, photos: [own('photo')], files: [own('file')], recordings: [own('sound')] } as unknown as LocalVisit);
  await db.photos.bulkPut(['photo', 'file', 'sound'].map((what) => ({ ...own(what), owner, bytes: new ArrayBuffer(1), mime: '' })));
}

describe('a practice thrown away', () => {
  afterEach(async () => {
    await Promise.all([db.visits.clear(), db.photos.clear()]);
  });

  it('leaves no bytes behind, and takes no others', async () => {
    await put('p', practiceOwner('u1'));
    await put('v', 'u1');
    await dropPractice('p');
    await dropPractice('v');
    expect((await db.visits.toArray()).map((one) => one.id)).toEqual(['v']);
    expect((await db.photos.toArray()).map((one) => one.id).sort()).toEqual(['v-file', 'v-photo', 'v-sound']);
  });
});
