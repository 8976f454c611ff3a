/**
 * Articles on the phone. What must be read and what the person pinned is kept with its pictures and files; guides come with the work
 * they explain. Everything here is fetched when there is a network and read as if there were none.
 */
import { useLiveQuery } from 'dexie-react-hooks';
import { useMemo } from 'react';
import type { ApiClient, ArticleFile, OpenArticle, PinnedGuide, Shelf, ShelfLine, SyncBodies } from '@tashi/shared/api';
import { useField } from '../app/context.tsx';
import { type ArticleRow, db, orDiskFull } from '../sync/store.ts';

/** Larger files come only with what the person pinned himself. */
const UNASKED_MOST = 10 * 1024 * 1024;

const shelfKey = (owner: string) => `cache/${owner}/shelf`;

/** The titles of all articles this person may read, as they were last heard of. */
export async function shelfOf(owner: string): Promise<Shelf | null> {
  return ((await db.kv.get(shelfKey(owner)))?.value as { data: Shelf } | undefined)?.data ?? null;
}

export async function fetchShelf(client: ApiClient, owner: string): Promise<Shelf> {
  const shelf = await client.get<Shelf>('/knowledge');
  await db.kv.put({ key: shelfKey(owner), value: { data: shelf, fetched: Date.now() } });
  return shelf;
}

let running: Promise<void> | null = null;

/** Brings what is kept up to date: new versions, new must-reads, guides; and lets go what is no longer there. */
export function tendLibrary(client: ApiClient, owner: string): Promise<void> {
  running ??= tend(client, owner).finally(() => {
    running = null;
  });
  return running;
}

/** Does one after another; one that fails keeps none of the others waiting. Answers what went wrong first. */
async function each<T>(all: readonly T[], work: (one: T) => Promise<unknown>): Promise<unknown[]> {
  const failed: unknown[] = [];
  for (const one of all) await work(one).catch((error: unknown) => failed.push(error));
  return failed.slice(0, 1);
}

async function tend(client: ApiClient, owner: string): Promise<void> {
  const failed: unknown[] = [];
  try {
    // Guides first: work waits for them.
    for (const guide of await guidesOnPhone(owner)) failed.push(...(await keepFiles(client, owner, guide.files.filter((one) => one.size <= UNASKED_MOST), '/field/guide-files/{id}')));
    failed.push(...(await tendArticles(client, owner)));
  } finally {
    await sweepFiles(owner);
  }
  if (failed.length) throw failed[0];
}

async function tendArticles(client: ApiClient, owner: string): Promise<unknown[]> {
  const snapshot = await db.snapshots.get(owner);
  let shelf = await shelfOf(owner);
  if (!shelf || shelf.stamp !== snapshot?.knowledge_stamp) shelf = await fetchShelf(client, owner);
  const known = new Map(shelf.items.map((one) => [one.id, one]));
  const kept = await db.articles.where('owner').equals(owner).toArray();
  for (const row of kept) {
    // Retired, or not for him any more: it leaves the phone too.
    if (!known.has(row.id) || (!row.pinned && !known.get(row.id)?.must_read)) await db.articles.delete([owner, row.id]);
  }
  const pinned = new Set(kept.filter((row) => row.pinned).map((row) => row.id));
  const lines = shelf.items.filter((one) => (one.must_read || pinned.has(one.id)) && kept.find((row) => row.id === one.id)?.article.number !== one.number);
  const failed = await each(lines, (line) => keepText(client, owner, line.id));
  for (const row of await db.articles.where('owner').equals(owner).toArray()) {
    failed.push(...(await keepFiles(client, owner, row.article.files.filter((one) => row.pinned || one.size <= UNASKED_MOST), '/article-files/{id}')));
  }
  return failed;
}

async function guidesOnPhone(owner: string): Promise<PinnedGuide[]> {
  const snapshot = await db.snapshots.get(owner);
  const visits = await db.visits.where('owner').anyOf(owner, `practice/${owner}`).toArray();
  return [...(snapshot?.guides ?? []), ...visits.flatMap((visit) => visit.guides ?? [])];
}

/** Keeps a text as it is now. Whether the person pinned it is asked of the phone when it is written: he may have done it meanwhile. */
async function keepText(client: ApiClient, owner: string, id: string, pinned = false): Promise<OpenArticle> {
  const article = await client.get<OpenArticle>('/knowledge/{id}', { params: { id } });
  await orDiskFull(db.transaction('rw', db.articles, async () => {
    const known = await db.articles.get([owner, id]);
    await db.articles.put({ owner, id, article, pinned: pinned || known?.pinned === true });
  }));
  return article;
}

/** Keeps files that are not on the phone yet; answers what went wrong. */
function keepFiles(client: ApiClient, owner: string, files: readonly ArticleFile[], path: string): Promise<unknown[]> {
  return each(files, async (file) => {
    if (await db.files.where('[owner+id]').equals([owner, file.id]).count()) return;
    const answer = await client.fetch('GET', path, undefined, { params: { id: file.id } });
    const bytes = await answer.arrayBuffer();
    await orDiskFull(db.files.put({ owner, id: file.id, bytes, mime: file.mime, size: bytes.byteLength }));
  });
}

/** Files that nothing on the phone names any more. */
async function sweepFiles(owner: string): Promise<void> {
  const rows = await db.articles.where('owner').equals(owner).toArray();
  const named = new Set([...rows.flatMap((row) => row.article.files), ...(await guidesOnPhone(owner)).flatMap((guide) => guide.files)].map((file) => file.id));
  const held = (await db.files.where('owner').equals(owner).primaryKeys()) as unknown as [string, string][];
  await db.files.bulkDelete(held.filter(([, id]) => !named.has(id)));
}

/** Keeps an article for the time without a network: text first, then its files. */
export async function pin(client: ApiClient, owner: string, id: string): Promise<void> {
  const article = await keepText(client, owner, id, true);
  const failed = await keepFiles(client, owner, article.files, '/article-files/{id}');
  if (failed.length) throw failed[0];
}

/** Lets go of it; what must be read stays, since the phone keeps that by itself. */
export async function unpin(owner: string, row: ArticleRow): Promise<void> {
  if (row.article.must_read) await db.articles.put({ ...row, pinned: false });
  else await db.articles.delete([owner, row.id]);
  await sweepFiles(owner);
}

/** Bytes of an article on the phone. */
export const sizeOf = (article: OpenArticle): number => new TextEncoder().encode(article.body).length + article.files.reduce((sum, one) => sum + one.size, 0);

/** Articles read on this phone whose word may still wait for a network, with the version. */
export function useReadHere(): ReadonlyMap<string, number> {
  const { owner } = useField();
  const rows = useLiveQuery(() => db.outbox.where('[owner+kind]').equals([owner, 'article.read'])
    .filter((row) => row.status !== 'refused' && row.status !== 'set_aside').toArray(), [owner]);
  return useMemo(() => {
    const read = new Map<string, number>();
    for (const row of rows ?? []) {
      const { article_id, number } = row.body as SyncBodies['article.read'];
      read.set(article_id, Math.max(read.get(article_id) ?? 0, number));
    }
    return read;
  }, [rows]);
}

/** What this person must read and has not, by all this phone knows. */
export function useMustReads(): ShelfLine[] {
  const { snapshot } = useField();
  const read = useReadHere();
  return useMemo(() => (snapshot?.must_reads ?? []).filter((one) => (read.get(one.id) ?? 0) < one.number), [snapshot, read]);
}
