import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { newId, type ArticleCategory, type FoundArticle, type Id, type ShelfLine } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { Ago, Icon, SkeletonRows } from '@tashi/shared/ui';
import { useState, type ReactNode } from 'react';
import { useCan } from '../../app/session';
import { SearchField } from '../../kit/FilterBar';
import { Modal } from '../../kit/Modal';
import { ProblemView } from '../../kit/ProblemView';
import { useSearchPatch } from '../../kit/useSearchPatch';
import { CategoryEditor } from './CategoryEditor';
import { ManageList } from './ManageList';
import { Practices } from './Practices';
import { KNOWLEDGE_VIEWS, type KnowledgeSearch } from './search';
import { knowledgeText } from './text';
import { useCategories, useCreateArticle, useFoundArticles, useShelf } from './useKnowledge';
import './knowledge.css';

/** What the company knows: read by everybody, written by some, and who has practised. */
export function KnowledgeScreen() {
  const t = useT(knowledgeText);
  const search = useSearch({ from: '/shell/knowledge' });
  const patch = useSearchPatch<KnowledgeSearch>();
  const canWrite = useCan('knowledge.write');
  const seesPractice = useCan('task.read');
  const [making, setMaking] = useState(false);
  const [sorting, setSorting] = useState(false);
  const views = KNOWLEDGE_VIEWS.filter((one) => one === 'read' || (one === 'write' ? canWrite : seesPractice));
  const view = views.find((one) => one === search.view) ?? 'read';
  const tabs = (
    <>
      {views.length > 1 ? (
        <span className="seg" role="tablist" aria-label={t('title')}>
          {views.map((one) => <button key={one} type="button" role="tab" aria-selected={view === one} className={view === one ? 'on' : ''} onClick={() => patch({ view: one === 'read' ? undefined : one, state: undefined, must: undefined })}>{t(`view.${one}`)}</button>)}
        </span>
      ) : null}
      {view === 'practice' ? null : <SearchField value={search.q} onChange={(q) => patch({ q }, { replace: true })} placeholder={t('search')} width={260} />}
    </>
  );
  const actions = canWrite ? (
    <>
      <button type="button" className="btn" onClick={() => setSorting(true)}><Icon name="list" />{t('categories')}</button>
      <button type="button" className="btn pri" onClick={() => setMaking(true)}><Icon name="plus" />{t('create')}</button>
    </>
  ) : null;
  return (
    <div className="knowledge">
      {view === 'read' ? <Reading search={search} tabs={tabs} actions={actions} onCreate={canWrite ? () => setMaking(true) : undefined} /> : view === 'write' ? <ManageList search={search} tabs={tabs} actions={actions} onCreate={() => setMaking(true)} /> : <Practices tabs={tabs} />}
      {making ? <CreateArticle category={search.category ?? null} onClose={() => setMaking(false)} /> : null}
      {sorting ? <CategoryEditor onClose={() => setSorting(false)} /> : null}
    </div>
  );
}

/** A category and all in it. */
function within(category: Id | undefined, all: readonly ArticleCategory[]): ReadonlySet<Id> | null {
  return category ? new Set([category, ...all.filter((one) => one.parent_id === category).map((one) => one.id)]) : null;
}

function Reading({ search, tabs, actions, onCreate }: { search: KnowledgeSearch; tabs: ReactNode; actions: ReactNode; onCreate: (() => void) | undefined }) {
  const t = useT(knowledgeText);
  const patch = useSearchPatch<KnowledgeSearch>();
  const shelf = useShelf();
  const found = useFoundArticles(search.q ?? '');
  const categories = useCategories();
  const inside = within(search.category, categories.data ?? []);
  const all: readonly (ShelfLine & Partial<FoundArticle>)[] = search.q ? (found.data ?? []) : (shelf.data?.items ?? []);
  const shown = all.filter((one) => (!inside || (one.category_id !== null && inside.has(one.category_id))) && (!search.must || one.unread));
  const unread = shelf.data?.items.filter((one) => one.unread).length ?? 0;
  const error = shelf.error ?? found.error;
  return (
    <>
      <div className="bar">
        {tabs}
        {unread > 0 || search.must ? <button type="button" className={`btn dashed${search.must ? ' on' : ''}`} aria-pressed={!!search.must} onClick={() => patch({ must: search.must ? undefined : '1' })}><Icon name="flag" size={15} className="fg-late" />{t('toRead', { count: unread })}</button> : null}
        <span className="sp" />
        {actions}
      </div>
      <div className={`knowledge-body${categories.data?.length ? '' : ' bare'}`}>
        {categories.data?.length ? <CategoryTree chosen={search.category} items={shelf.data?.items ?? []} onChoose={(category) => patch({ category })} /> : null}
        <main className="shelf" aria-busy={shelf.isPending || found.isFetching}>
          {error ? <ProblemView error={error} onRetry={() => void shelf.refetch()} /> : null}
          {shelf.isPending ? <SkeletonRows /> : null}
          {shelf.data && !error && shown.length === 0 && !(search.q && found.isPending) ? (
            <div className="empty"><b>{search.q ? t('nothingFound', { q: search.q }) : t('empty')}</b><p>{search.q ? t('nothingFoundText') : t('emptyText')}</p>{onCreate && !search.q ? <button type="button" className="btn pri" onClick={onCreate}>{t('create')}</button> : null}</div>
          ) : null}
          <ul className="shelf-list">{shown.map((one) => <ShelfRow key={one.id} line={one} categories={categories.data ?? []} />)}</ul>
        </main>
      </div>
    </>
  );
}

function ShelfRow({ line, categories }: { line: ShelfLine & Partial<FoundArticle>; categories: readonly ArticleCategory[] }) {
  const t = useT(knowledgeText);
  const format = useFormat();
  const category = categories.find((one) => one.id === line.category_id)?.name;
  return (
    <li>
      <Link to="/knowledge/$id" params={{ id: line.id }} className="shelf-row">
        <Icon name="book" size={18} className="m3" />
        <span className="shelf-words">
          <span className="row g6"><b className="clip">{line.title}</b>{line.unread ? <span className="st late"><Icon name="flag" size={13} />{line.due_day ? t('mustBy', { day: format.dayNear(line.due_day) }) : t('must')}</span> : line.must_read ? <span className="st visit"><Icon name="okCircle" size={13} />{t('haveRead')}</span> : null}</span>
          {line.excerpt ? <span className="snippet m2 clip">{line.excerpt.map((part, k) => (part.mark ? <mark key={k}>{part.text}</mark> : <span key={k}>{part.text}</span>))}</span> : null}
        </span>
        <span className="row g4 shelf-tags">{line.tags.slice(0, 3).map((tag) => <span key={tag} className="tag">{tag}</span>)}</span>
        <span className="m3 s12 nw">{category ?? ''}</span>
        <span className="m3 s12 nw shelf-when">{t('versionOf', { n: line.number })} · <Ago at={line.published_at} /></span>
      </Link>
    </li>
  );
}

function CategoryTree({ chosen, items, onChoose }: { chosen: Id | undefined; items: readonly ShelfLine[]; onChoose(category: Id | undefined): void }) {
  const t = useT(knowledgeText);
  const { data = [] } = useCategories();
  const count = (id: Id) => {
    const inside = within(id, data);
    return items.filter((one) => one.category_id !== null && inside?.has(one.category_id)).length;
  };
  const button = (one: ArticleCategory, deep: boolean) => (
    <button type="button" className={`${deep ? 'deep ' : ''}${chosen === one.id ? 'on' : ''}`} aria-current={chosen === one.id || undefined} onClick={() => onChoose(one.id)}><span className="clip">{one.name}</span><span className="m3">{count(one.id)}</span></button>
  );
  return (
    <nav className="category-tree" aria-label={t('categories')}>
      <button type="button" className={chosen ? '' : 'on'} aria-current={!chosen || undefined} onClick={() => onChoose(undefined)}><span>{t('all')}</span><span className="m3">{items.length}</span></button>
      {data.filter((one) => one.parent_id === null).map((one) => (
        <div key={one.id}>{button(one, false)}{data.filter((child) => child.parent_id === one.id).map((child) => <div key={child.id}>{button(child, true)}</div>)}</div>
      ))}
    </nav>
  );
}

function CreateArticle({ category, onClose }: { category: Id | null; onClose(): void }) {
  const t = useT(knowledgeText);
  const navigate = useNavigate();
  const create = useCreateArticle();
  const [id] = useState(newId);
  const [title, setTitle] = useState('');
  const make = () => create.mutate({ id, title: title.trim(), category_id: category }, { onSuccess: (page) => void navigate({ to: '/knowledge/$id/edit', params: { id: page.id } }) });
  return (
    <Modal title={t('create')} onClose={onClose} width={480} foot={<><button type="button" className="btn" onClick={onClose}>{t('cancel')}</button><button type="button" className="btn pri" disabled={!title.trim() || create.isPending} onClick={make}>{t('make')}</button></>}>
      <form onSubmit={(e) => { e.preventDefault(); if (title.trim()) make(); }}>
        <label className="stack"><span className="s12 m2">{t('articleTitle')}</span><input className="plain-input" data-autofocus value={title} maxLength={120} placeholder={t('titleExample')} onChange={(e) => setTitle(e.target.value)} /></label>
      </form>
      {create.error ? <ProblemView error={create.error} compact /> : null}
    </Modal>
  );
}
