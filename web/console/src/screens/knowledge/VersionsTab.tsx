import { api, type ArticlePage, type ArticleVersion } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { Icon, SkeletonRows } from '@tashi/shared/ui';
import { useState } from 'react';
import { ProblemView } from '../../kit/ProblemView';
import { useGoBack } from '../designer/useGoBack';
import { around, diff } from './diff';
import { knowledgeText } from './text';
import { useArticleVersion, usePatchArticle } from './useKnowledge';

/** What was published when, what changed in it, and the way back: an old text becomes the draft of a new version. */
export function VersionsTab({ article, onBack }: { article: ArticlePage; onBack(): void }) {
  const t = useT(knowledgeText);
  const format = useFormat();
  const patch = usePatchArticle(article.id);
  const [open, setOpen] = useState<number | null>(article.published);
  const { problem, goBack } = useGoBack(async (number) => {
    const old = await api.get<ArticleVersion>('/articles/{id}/versions/{number}', { params: { id: article.id, number: String(number) } });
    await patch.mutateAsync({ version: article.version, title: old.title, tags: old.tags, body: old.body });
    onBack();
  }, (n) => t('wentBack', { n }));
  return (
    <main className="article-rules">
      {problem ? <ProblemView error={problem} compact /> : null}
      {article.versions.length === 0 ? <div className="empty"><b>{t('noVersion')}</b><p>{t('noVersionText')}</p></div> : null}
      <ol className="version-cards">
        {article.versions.map((one, k) => (
          <li key={one.number} className="card">
            <div className="hd row g6">
              <b className="nw">{t('versionOf', { n: one.number })}</b>
              <span className="m2 clip">{format.dateTime(one.published_at)} · {one.published_by.name}</span>
              <span className="sp" />
              <button type="button" className="btn sm" aria-expanded={open === one.number} onClick={() => setOpen(open === one.number ? null : one.number)}>{t('compare')}</button>
              {k > 0 ? <button type="button" className="btn sm" disabled={patch.isPending} onClick={() => goBack(one.number)}><Icon name="undo" size={14} />{t('goBack')}</button> : null}
            </div>
            {one.note ? <p className="version-note">{one.note}</p> : null}
            {open === one.number ? <Difference article={article} from={article.versions[k + 1]?.number ?? null} to={one.number} /> : null}
            {k === 0 && article.changed ? <div className="version-draft"><h3 className="s12 w7">{t('toDraft')}</h3><Difference article={article} from={one.number} to={null} /></div> : null}
          </li>
        ))}
      </ol>
    </main>
  );
}

/** Lines that came and went. Without `from` it is the first version; without `to` the draft. */
function Difference({ article, from, to }: { article: ArticlePage; from: number | null; to: number | null }) {
  const t = useT(knowledgeText);
  const format = useFormat();
  const before = useArticleVersion(article.id, from);
  const after = useArticleVersion(article.id, to);
  const error = before.error ?? after.error;
  if (error) return <ProblemView error={error} compact />;
  if ((from !== null && !before.data) || (to !== null && !after.data)) return <SkeletonRows rows={3} />;
  const said = (one: { title: string; tags: readonly string[]; body: string }) => `# ${one.title}\n${one.tags.length ? `${format.names(one.tags)}\n` : ''}\n${one.body}`;
  if (from === null) return <p className="version-note m3">{t('firstVersion')}</p>;
  const lines = around(diff(said(before.data!), said(to === null ? article : after.data!)));
  return (
    <div className="diff" tabIndex={0} role="region" aria-label={t('compare')}>
      {lines.length === 0 ? <p className="m3">{t('noDifference')}</p> : null}
      {lines.map((line, k) => (line === null ? <div key={k} className="gap">⋯</div> : <div key={k} className={line.is}>{line.is === 'same' ? null : <span className="sr">{t(`diff.${line.is}`)}</span>}<i aria-hidden="true">{line.is === 'added' ? '+' : line.is === 'removed' ? '−' : ' '}</i>{line.text || ' '}</div>))}
    </div>
  );
}
