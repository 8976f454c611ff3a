import { useNavigate } from '@tanstack/react-router';
import type { ArticleLine } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { Ago, Icon } from '@tashi/shared/ui';
import { useMemo, type ReactNode } from 'react';
import { DataPage } from '../../kit/DataPage';
import type { Column } from '../../kit/DataTable';
import { FilterSelect } from '../../kit/FilterBar';
import { useList } from '../../kit/useList';
import { useSearchPatch } from '../../kit/useSearchPatch';
import { ARTICLE_STATES, type ArticleState, type KnowledgeSearch } from './search';
import { knowledgeText } from './text';
import { useCategories } from './useKnowledge';

const FILTERS = ['q', 'category', 'state', 'must'];
const rowKey = (row: ArticleLine) => row.id;
const rowName = (row: ArticleLine) => row.title;

/** The articles I may change: how they stand, and who has read what must be read. */
export function ManageList({ search, tabs, actions, onCreate }: { search: KnowledgeSearch; tabs: ReactNode; actions: ReactNode; onCreate(): void }) {
  const t = useT(knowledgeText);
  const format = useFormat();
  const navigate = useNavigate();
  const patch = useSearchPatch<KnowledgeSearch>();
  const categories = useCategories();
  const list = useList<ArticleLine>(['knowledge', 'articles'], '/articles', { q: search.q, category_id: search.category, state: search.state, must_read: search.must ? true : undefined }, { count: false });
  const columns = useMemo((): Column<ArticleLine>[] => [
    { key: 'title', title: t('articleTitle'), fixed: true, width: 280, render: (row) => <b className="clip" title={row.title}>{row.title}</b> },
    { key: 'state', title: t('state'), width: 150, render: (row) => <State row={row} /> },
    { key: 'read', title: t('readers'), width: 120, render: (row) => (row.duty ? <span className={row.duty.read < row.duty.asked ? 'fg-late' : 'fg-visit'}>{t('readOf', { read: row.duty.read, asked: row.duty.asked })}</span> : <span className="m3">{t('free')}</span>) },
    { key: 'due', title: t('due'), width: 110, render: (row) => (row.duty?.due_day ? format.dayWeek(row.duty.due_day) : '') },
    { key: 'category', title: t('category'), width: 120, render: (row) => categories.data?.find((one) => one.id === row.category_id)?.name ?? '' },
    { key: 'tags', title: t('tags'), width: 170, render: (row) => <span className="row g4">{row.tags.slice(0, 3).map((tag) => <span key={tag} className="tag">{tag}</span>)}</span> },
    { key: 'department', title: t('department'), width: 120, optional: true, render: (row) => row.department.name },
    { key: 'changed', title: t('changedAt'), width: 170, render: (row) => <span className="m2">{row.changed_by.name} · <Ago at={row.changed_at} /></span> },
  ], [t, format, categories.data]);
  return (
    <DataPage
      id="articles"
      label={t('title')}
      list={list}
      rowKey={rowKey}
      rowName={rowName}
      columns={columns}
      onOpen={(row) => void navigate({ to: '/knowledge/$id/edit', params: { id: row.id } })}
      filtered={!!(search.q || search.category || search.state || search.must)}
      onClearFilters={() => patch({ q: undefined, category: undefined, state: undefined, must: undefined })}
      filterKeys={FILTERS}
      bar={
        <>
          {tabs}
          <FilterSelect label={t('state')} value={search.state} options={ARTICLE_STATES.map((one) => ({ value: one, label: t(`state.${one}`) }))} onChange={(state) => patch({ state: state as ArticleState | undefined })} />
          <FilterSelect label={t('category')} value={search.category} options={(categories.data ?? []).map((one) => ({ value: one.id, label: one.name }))} onChange={(category) => patch({ category: category as string | undefined })} />
          <button type="button" className={`btn dashed${search.must ? ' on' : ''}`} aria-pressed={!!search.must} onClick={() => patch({ must: search.must ? undefined : '1' })}><Icon name="flag" size={15} />{t('must')}</button>
          <span className="sp" />
          {actions}
        </>
      }
      empty={<><b>{t('noneWritten')}</b><p>{t('noneWrittenText')}</p><button type="button" className="btn pri" onClick={onCreate}>{t('create')}</button></>}
    />
  );
}

/** Draft, published, changed since, or retired. */
export function State({ row }: { row: ArticleLine }) {
  const t = useT(knowledgeText);
  if (row.retired) return <span className="tag">{t('state.retired')}</span>;
  if (row.published === null) return <span className="tag">{t('state.draft')}</span>;
  return <span className="row g4"><span className="tag">{t('published', { n: row.published })}</span>{row.changed ? <span className="fg-late s12">{t('changedSince')}</span> : null}</span>;
}
