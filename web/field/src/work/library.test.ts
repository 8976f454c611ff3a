import 'fake-indexeddb/auto';
import { afterEach, describe, expect, it } from 'vitest';
import type { ApiClient, ArticleFile, FieldSnapshot, OpenArticle } from '@tashi/shared/api';
import { db } from '../sync/store.ts';
import { pin, tendLibrary } from './library.ts';
import { readArticle } from './record.ts';

const owner = 'u1';
const file = (id: string): ArticleFile => ({ id, name: id, mime: 'image/jpeg', size: 4, sha256: '', width: 1, height: 1 });
const article = (id: string, files: string[], number = 1): OpenArticle => ({
  id, number, title: id, category_id: null, tags: [], published_at: '', must_read: true, due_day: null, unread: true, read_number: null, read_at: null,
  body: '', note: null, published_by: { id: 'a', name: 'a' }, files: files.map(file),
});

/** A server with these articles; what is in `bad` it cannot give. */
function server(articles: OpenArticle[], bad: string[], meanwhile: (id: string) => Promise<unknown> = async () => undefined) {
  return {
    get: async (path: string, more?: { params: { id: string } }) => {
      if (path === '/knowledge') return { stamp: 's', items: articles };
      const found = articles.find((one) => one.id === more?.params.id);
      if (!found || bad.includes(found.id)) throw new Error('bad');
      await meanwhile(found.id);
      return found;
    },
    fetch: async (_method: string, _path: string, _body: unknown, more: { params: { id: string } }) => {
      if (bad.includes(more.params.id)) throw new Error('bad');
      return new Response(new Uint8Array(4));
    },
  } as unknown as ApiClient;
}
const held = async () => (await db.files.toArray()).map((one) => one.id).sort();

describe('the library on the phone', () => {
  afterEach(async () => {
    await Promise.all([db.articles.clear(), db.files.clear(), db.kv.clear(), db.snapshots.clear(), db.outbox.clear()]);
  });

  it('keeps everything else when one file or article is bad, and sweeps', async () => {
    await db.snapshots.put({ owner, guides: [{ id: 'g', version: 1, title: '', body: '', files: [file('g1'), file('g2')] }] } as unknown as FieldSnapshot & { owner: string } as never);
    await db.files.put({ owner, id: 'old', bytes: new ArrayBuffer(1), mime: '', size: 1 });
    const client = server([article('x', []), article('a', ['a1', 'a2']), article('b', ['b1'])], ['x', 'a1', 'g1']);
    await expect(tendLibrary(client, owner)).rejects.toThrow('bad');
    expect((await db.articles.toArray()).map((row) => row.id)).toEqual(['a', 'b']);
    expect(await held()).toEqual(['a2', 'b1', 'g2']);
  });

  it('leaves a pin that was made while a new version was fetched', async () => {
    await tendLibrary(server([article('a', [])], []), owner);
    await db.kv.clear();
    const other = server([article('a', [], 2)], []);
    await tendLibrary(server([article('a', [], 2)], [], () => pin(other, owner, 'a')), owner);
    const row = await db.articles.get([owner, 'a']);
    expect([row?.article.number, row?.pinned]).toEqual([2, true]);
  });

  it('says again what was refused, and once what was not', async () => {
    const read = () => readArticle(owner, { id: 'a', number: 1, title: 'a' }, new Date().toISOString());
    await read();
    await read();
    expect(await db.outbox.count()).toBe(1);
    await db.outbox.toCollection().modify({ status: 'refused' });
    await read();
    expect(await db.outbox.count()).toBe(2);
  });
});
