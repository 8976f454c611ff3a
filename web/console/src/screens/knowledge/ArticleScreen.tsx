import { Link, useParams } from '@tanstack/react-router';
import { serverNow, useFormat, useT } from '@tashi/shared/i18n';
import { Icon, SkeletonRows, toast } from '@tashi/shared/ui';
import { useState } from 'react';
import { useCan } from '../../app/session';
import { ProblemView } from '../../kit/ProblemView';
import { knowledgeText } from './text';
import { useArticle, useMarkRead, useOpenArticle } from './useKnowledge';
import { Words } from './Words';
import './knowledge.css';

/** One article as it is read. */
export function ArticleScreen() {
  const t = useT(knowledgeText);
  const format = useFormat();
  const { id } = useParams({ from: '/shell/knowledge/$id' });
  const article = useOpenArticle(id);
  const read = useMarkRead(id);
  const [opened] = useState(() => new Date(serverNow()).toISOString());
  if (article.error) return <div className="drawer-pad"><ProblemView error={article.error} onRetry={() => article.refetch()} /></div>;
  if (!article.data) return <SkeletonRows />;
  const { data } = article;
  return (
    <div className="article-page">
      <div className="bar">
        <Link to="/knowledge" className="icb" aria-label={t('back')} title={t('back')}><Icon name="left" /></Link>
        <span className="m2 clip">{t('versionOf', { n: data.number })} · {t('publishedBy', { name: data.published_by.name })} · {format.dateTime(data.published_at)}</span>
        <span className="sp" />
        <EditLink id={id} />
      </div>
      <div className="article-scroll" tabIndex={0} role="region" aria-label={data.title}>
        <article className="article">
          <h1>{data.title}</h1>
          {data.tags.length ? <p className="row g4 article-tags">{data.tags.map((tag) => <span key={tag} className="tag">{tag}</span>)}</p> : null}
          <Words text={data.body} files={data.files} />
          <footer className="article-end">
            {read.error ? <ProblemView error={read.error} compact /> : null}
            {data.read_number === data.number ? <p className="fg-visit row g6"><Icon name="okCircle" size={18} />{t('readAt', { at: format.dateTime(data.read_at) })}</p>
              : <p className="row g12"><button type="button" className="btn pri" disabled={read.isPending} onClick={() => read.mutate({ number: data.number, opened_at: opened }, { onSuccess: () => toast(t('readDone')) })}><Icon name="check" />{t('markRead')}</button>{data.unread ? <span className="fg-late">{data.due_day ? t('mustBy', { day: format.dayWeek(data.due_day) }) : t('must')}</span> : null}</p>}
          </footer>
        </article>
      </div>
    </div>
  );
}

/** For those who may change it. */
function EditLink({ id }: { id: string }) {
  const canWrite = useCan('knowledge.write');
  return canWrite ? <EditButton id={id} /> : null;
}

function EditButton({ id }: { id: string }) {
  const t = useT(knowledgeText);
  // Somebody else's article is not there for whoever may not change it.
  const mine = useArticle(id);
  return mine.data ? <Link to="/knowledge/$id/edit" params={{ id }} className="btn"><Icon name="edit" />{t('edit')}</Link> : null;
}
