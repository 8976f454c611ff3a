import { useLiveQuery } from 'dexie-react-hooks';
import { useDeferredValue, useEffect, useMemo, useState } from 'react';
import type { ArticleCategory, FoundArticle, Shelf, ShelfLine } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { type Snippet, excerpt, plainWords, rank } from '@tashi/shared/markdown/index.ts';
import { Icon, SkeletonRows } from '@tashi/shared/ui';
import { bytesText } from '@tashi/shared/i18n/bytes.ts';
import { useCached } from '../../app/cached.ts';
import { useField, useOnline } from '../../app/context.tsx';
import { client } from '../../app/session.ts';
import { Empty, Page } from '../../shell/Page.tsx';
import { Link, useLocation } from '../../shell/router.tsx';
import { type ArticleRow, db } from '../../sync/store.ts';
import { sizeOf, tendLibrary, useReadHere } from '../../work/library.ts';
import { knowledgeText } from './text.ts';
import './knowledge.css';

type Line = ShelfLine & { excerpt?: readonly Snippet[] };

/** What the company knows: titles always, texts that are kept also without a network. */
export function KnowledgeScreen() {
  const t = useT(knowledgeText);
  const { owner } = useField();
  const online = useOnline();
  const { query } = useLocation();
  const [words, setWords] = useState('');
  const [chip, setChip] = useState<string>(() => (query.get('must') ? 'must' : 'all'));
  const asked = useDeferredValue(words.trim());
  const shelf = useCached<Shelf>('shelf', () => client.get<Shelf>('/knowledge'));
  const categories = useCached('article-categories', () => client.get<{ items: ArticleCategory[] }>('/article-categories'));
  const kept = useLiveQuery(() => db.articles.where('owner').equals(owner).toArray(), [owner]);
  const read = useReadHere();
  const remote = useRemote(asked, online);
  const { fetched } = shelf;
  useEffect(() => {
    if (online && fetched) void tendLibrary(client, owner).catch(() => undefined);
  }, [online, fetched, owner]);
  const all = shelf.data?.items;
  const unread = (one: ShelfLine) => one.unread && (read.get(one.id) ?? 0) < one.number;
  const found = useMemo(() => (asked ? search(asked, all ?? [], kept ?? [], remote) : (all ?? [])), [asked, all, kept, remote]);
  const top = (categories.data?.items ?? []).filter((one) => one.parent_id === null);
  const inside = new Set((categories.data?.items ?? []).filter((one) => one.id === chip || one.parent_id === chip).map((one) => one.id));
  const shown = found.filter((one) => chip === 'all' || (chip === 'must' ? unread(one) : chip === 'kept' ? kept?.some((row) => row.id === one.id) : one.category_id !== null && inside.has(one.category_id)));
  const musts = (all ?? []).filter(unread).length;
  const chips: [string, string][] = [['all', t('all')], ...(musts > 0 || chip === 'must' ? [['must', t('mustCount', { count: musts })] as [string, string]] : []), ['kept', t('kept')], ...top.map((one): [string, string] => [one.id, one.name])];
  return (
    <Page
      title={t('title')} sub={all ? t('count', { count: all.length }) : undefined} backTo="/new"
      head={
        <div style={{ flex: 'none' }}>
          <div className="mx" style={{ position: 'relative' }} role="search">
            <Icon name="search" size={20} className="m3 search-icon" />
            <input className="in48" style={{ paddingLeft: 44, paddingRight: 48 }} type="search" aria-label={t('searchLabel')} placeholder={t('search')} value={words} onChange={(e) => setWords(e.target.value)} />
            {words ? <button type="button" className="ib" style={{ position: 'absolute', right: 2, top: 2 }} aria-label={t('clear')} onClick={() => setWords('')}><Icon name="close" size={20} /></button> : null}
          </div>
          <div className="chips" role="group" aria-label={t('title')}>{chips.map(([key, word]) => <button type="button" key={key} className={chip === key ? 'on' : ''} aria-pressed={chip === key} onClick={() => setChip(key)}>{word}</button>)}</div>
        </div>
      }
    >
      {shelf.data === undefined ? <SkeletonRows rows={8} height={64} /> : null}
      {shelf.data === null ? (online ? <SkeletonRows rows={8} height={64} /> : <Empty title={t('empty')} text={t('firstOffline')} />) : null}
      {all?.length === 0 ? <Empty title={t('empty')} text={t('emptyText')} /> : null}
      {all && all.length > 0 && shown.length === 0 ? <Empty title={asked ? t('none', { q: asked }) : t('empty')} text={asked ? t('noneText') : null} /> : null}
      {shown.length > 0 ? (
        <ul className="card list mx" aria-label={t('list')} style={{ marginBottom: 12 }}>
          {shown.slice(0, 200).map((one) => <Row key={one.id} line={one} unread={unread(one)} kept={kept?.some((row) => row.id === one.id) ?? false} />)}
        </ul>
      ) : null}
      {kept && kept.length > 0 ? <Storage rows={kept} /> : null}
    </Page>
  );
}

/** What the server finds while there is one; it looks into texts that are not on the phone. */
function useRemote(asked: string, online: boolean): FoundArticle[] | null {
  const [found, setFound] = useState<{ q: string; items: FoundArticle[] } | null>(null);
  useEffect(() => {
    if (!asked || !online) return undefined;
    const stop = new AbortController();
    const timer = setTimeout(() => {
      client.get<{ items: FoundArticle[] }>('/knowledge/search', { query: { q: asked, limit: 50 }, signal: stop.signal }).then(({ items }) => setFound({ q: asked, items }), () => undefined);
    }, 250);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [asked, online]);
  return found?.q === asked ? found.items : null;
}

/** The server's order where it answered; else titles, tags and kept texts by the same rules. */
function search(asked: string, all: readonly ShelfLine[], kept: readonly ArticleRow[], remote: readonly FoundArticle[] | null): Line[] {
  if (remote) return [...remote];
  const found: [number, Line][] = [];
  for (const line of all) {
    const row = kept.find((one) => one.id === line.id);
    const text = row ? plainWords(row.article.body) : '';
    const at = rank(asked, { title: line.title, tags: line.tags, text });
    if (at > 0) found.push([at, text ? { ...line, excerpt: excerpt(text, asked) } : line]);
  }
  return found.sort(([a], [b]) => b - a).map(([, line]) => line);
}

function Row({ line, unread, kept }: { line: Line; unread: boolean; kept: boolean }) {
  const t = useT(knowledgeText);
  const f = useFormat();
  return (
    <li>
      <Link className="li" to={`/knowledge/${line.id}`}>
        <span className="ico"><Icon name="book" size={22} /></span>
        <span style={{ minWidth: 0 }}>
          <b className="clip" style={{ display: 'block' }}>{line.title}</b>
          <span className="d clip snippet" style={{ display: 'block' }}>
            {unread ? <span className="fg-late">{line.due_day ? t('mustBy', { day: f.dayNear(line.due_day) }) : t('must')}·</span> : null}
            {line.excerpt ? line.excerpt.map((part, k) => (part.mark ? <mark key={k}>{part.text}</mark> : <span key={k}>{part.text}</span>)) : f.dots([f.names(line.tags.slice(0, 3)) || null, f.age(line.published_at)])}
          </span>
        </span>
        {kept ? <Icon name="download" size={18} className="fg-visit" label={t('pinned')} /> : <span />}
      </Link>
    </li>
  );
}

/** How much of the phone the kept articles take. */
function Storage({ rows }: { rows: readonly ArticleRow[] }) {
  const t = useT(knowledgeText);
  const [estimate, setEstimate] = useState<{ usage: number; quota: number } | null>(null);
  useEffect(() => void navigator.storage?.estimate?.().then(({ usage = 0, quota = 0 }) => setEstimate({ usage, quota })), [rows]);
  const size = rows.reduce((sum, row) => sum + sizeOf(row.article), 0);
  return (
    <div style={{ padding: '4px 20px 20px' }}>
      <div className="row m2" style={{ font: '13px/18px var(--font)' }}><span>{t('storage')} {t('storageText', { count: rows.length, size: bytesText(size) })}</span>{estimate && estimate.quota > 0 ? <span className="end m3">{t('storageFree', { free: bytesText(estimate.quota - estimate.usage) })}</span> : null}</div>
      {estimate && estimate.quota > 0 ? <div className="pb" style={{ marginTop: 7, height: 6 }} role="meter" aria-label={t('storage')} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round((100 * estimate.usage) / estimate.quota)}><i style={{ width: `${Math.max(1.5, (100 * estimate.usage) / estimate.quota)}%` }} /></div> : null}
    </div>
  );
}
