import type { ArticlePage } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { Avatar, Icon, SkeletonRows, toast } from '@tashi/shared/ui';
import { useState } from 'react';
import { Download } from '../../kit/Download';
import { ProblemView } from '../../kit/ProblemView';
import { knowledgeText } from './text';
import { useReaders, useRemind } from './useKnowledge';

/** Who has read it, who has not, and a word to those. */
export function ReadersTab({ article }: { article: ArticlePage }) {
  const t = useT(knowledgeText);
  return <main className="article-rules">{article.duty ? <Readers article={article} /> : <div className="empty"><b>{t('notMust')}</b><p>{t('notMustText')}</p></div>}</main>;
}

function Readers({ article }: { article: ArticlePage }) {
  const t = useT(knowledgeText);
  const format = useFormat();
  const readers = useReaders(article.id);
  const remind = useRemind(article.id);
  const [only, setOnly] = useState<'all' | 'unread' | 'read'>('all');
  if (readers.error) return <ProblemView error={readers.error} onRetry={() => readers.refetch()} />;
  if (!readers.data) return <SkeletonRows />;
  const { items, since, due_day } = readers.data;
  const read = items.filter((one) => one.done).length;
  const shown = items.filter((one) => only === 'all' || one.done === (only === 'read'));
  return (
    <>
      <div className="row g6 readers-bar">
        <span className="seg" role="group" aria-label={t('readers')}>
          {(['all', 'unread', 'read'] as const).map((one) => <button key={one} type="button" className={only === one ? 'on' : ''} aria-pressed={only === one} onClick={() => setOnly(one)}>{t(`only.${one}`, { count: one === 'all' ? items.length : one === 'read' ? read : items.length - read })}</button>)}
        </span>
        <span className="m3 s12">{since > 1 ? t('since', { n: since }) : ''} {due_day ? t('mustBy', { day: format.dayWeek(due_day) }) : ''}</span>
        <span className="sp" />
        <Download path={`/articles/${article.id}/readers.xlsx`} fallback="readers.xlsx" label={t('export')} />
        <button type="button" className="btn" disabled={read === items.length || remind.isPending || article.retired || article.published === null} onClick={() => remind.mutate(undefined, { onSuccess: ({ told }) => toast(t('reminded', { count: told })) })}><Icon name="bell" />{t('remind')}</button>
      </div>
      {remind.error ? <ProblemView error={remind.error} compact /> : null}
      <table className="readers">
        <thead><tr><th scope="col">{t('person')}</th><th scope="col">{t('department')}</th><th scope="col">{t('state')}</th><th scope="col">{t('readWhen')}</th></tr></thead>
        <tbody>
          {shown.map((one) => (
            <tr key={one.person.id}>
              <th scope="row"><span className="row g6"><Avatar name={one.person.name} size="sm" />{one.person.name}</span></th>
              <td>{one.department.name}</td>
              <td>{one.done ? <span className="fg-visit row g4"><Icon name="okCircle" size={15} />{t('versionRead', { n: one.number ?? 0 })}</span> : <span className="fg-late row g4"><Icon name="clock" size={15} />{one.number === null ? t('notRead') : t('readOlder', { n: one.number })}</span>}</td>
              <td className="m2">{one.read_at ? format.dateTime(one.read_at) : ''}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {shown.length === 0 ? <p className="m3">{t('nobody')}</p> : null}
    </>
  );
}
