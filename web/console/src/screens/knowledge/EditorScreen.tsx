import { Link, useParams, useSearch } from '@tanstack/react-router';
import { useT } from '@tashi/shared/i18n';
import { Icon, SkeletonRows } from '@tashi/shared/ui';
import { useState } from 'react';
import { ProblemView } from '../../kit/ProblemView';
import { useSearchPatch } from '../../kit/useSearchPatch';
import { State } from './ManageList';
import { ReadersTab } from './ReadersTab';
import { RulesTab } from './RulesTab';
import { EDITOR_TABS, type EditorSearch } from './search';
import { knowledgeText } from './text';
import { useArticle } from './useKnowledge';
import { VersionsTab } from './VersionsTab';
import { WriteTab } from './WriteTab';
import './knowledge.css';

/** One article: written, for whom, its versions, who has read it. */
export function EditorScreen() {
  const t = useT(knowledgeText);
  const { id } = useParams({ from: '/shell/knowledge/$id/edit' });
  const search = useSearch({ from: '/shell/knowledge/$id/edit' });
  const patch = useSearchPatch<EditorSearch>();
  const article = useArticle(id);
  // The writer holds a draft of its own; it begins anew with what was loaded.
  const [loads, setLoads] = useState(0);
  const [tools, setTools] = useState<HTMLElement | null>(null);
  const tab = search.tab ?? 'write';
  if (article.error && !article.data) return <div className="drawer-pad"><ProblemView error={article.error} onRetry={() => article.refetch()} /></div>;
  if (!article.data) return <SkeletonRows />;
  const { data } = article;
  return (
    <div className="article-page">
      <div className="bar article-bar">
        <Link to="/knowledge" search={{ view: 'write' }} className="icb" aria-label={t('back')} title={t('back')}><Icon name="left" /></Link>
        <h1 className="s14 w7 clip">{data.title}</h1>
        <State row={data} />
        <span className="seg" role="tablist" aria-label={data.title}>
          {EDITOR_TABS.map((one) => <button key={one} type="button" role="tab" aria-selected={tab === one} className={tab === one ? 'on' : ''} onClick={() => patch({ tab: one === 'write' ? undefined : one })}>{t(`tab.${one}`)}</button>)}
        </span>
        <span className="sp" />
        <span className="row g6" ref={setTools} />
        {data.published === null || data.retired ? null : <Link to="/knowledge/$id" params={{ id }} className="btn"><Icon name="eye" />{t('open')}</Link>}
      </div>
      {tab === 'write' ? <WriteTab key={`${id} ${loads}`} article={data} tools={tools} onReload={() => void article.refetch().then(() => setLoads((n) => n + 1))} /> : null}
      {tab === 'rules' ? <RulesTab key={data.version} article={data} /> : null}
      {tab === 'versions' ? <VersionsTab article={data} onBack={() => setLoads((n) => n + 1)} /> : null}
      {tab === 'readers' ? <ReadersTab article={data} /> : null}
    </div>
  );
}
