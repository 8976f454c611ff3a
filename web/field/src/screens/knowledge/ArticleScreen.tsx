import { useLiveQuery } from 'dexie-react-hooks';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { type ArticleFile, type OpenArticle, toProblem } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { Icon, SkeletonRows, toast } from '@tashi/shared/ui';
import { bytesText } from '@tashi/shared/i18n/bytes.ts';
import { useField, useOnline } from '../../app/context.tsx';
import { client } from '../../app/session.ts';
import { Empty, Page } from '../../shell/Page.tsx';
import { Link, back } from '../../shell/router.tsx';
import { saving } from '../../shell/saving.ts';
import { type ArticleRow, DiskFull, db } from '../../sync/store.ts';
import { pin, sizeOf, unpin, useReadHere } from '../../work/library.ts';
import { openGuide, readArticle } from '../../work/record.ts';
import { Words } from './Words.tsx';
import { knowledgeText } from './text.ts';
import './knowledge.css';

/** One article: from the phone at once, from the server when it is newer there. */
export function ArticleScreen({ id }: { id: string }) {
  const t = useT(knowledgeText);
  const { owner } = useField();
  const online = useOnline();
  const row = useLiveQuery(() => db.articles.get([owner, id]).then((found) => found ?? null), [owner, id]);
  const [fresh, setFresh] = useState<OpenArticle | null>(null);
  const [gone, setGone] = useState(false);
  useEffect(() => {
    if (!online) return undefined;
    let here = true;
    client.get<OpenArticle>('/knowledge/{id}', { params: { id } }).then((article) => here && setFresh(article), (error: unknown) => here && setGone(toProblem(error).status === 404));
    return () => {
      here = false;
    };
  }, [id, online]);
  const article = gone ? null : (fresh ?? row?.article ?? null);
  if (row === undefined) return <div className="phone" />;
  if (!article) {
    const words = gone ? [t('gone'), t('goneText')] as const : online ? null : [t('needNet'), t('needNetText')] as const;
    return <Page title={t('title')} backTo="/knowledge">{words ? <Empty title={words[0]} text={words[1]} action={<Link to="/knowledge" className="textlink">{t('back')}</Link>} /> : <SkeletonRows rows={6} height={48} />}</Page>;
  }
  return <Article key={`${article.id} ${article.number}`} article={article} row={row} />;
}

function Article({ article, row }: { article: OpenArticle; row: ArticleRow | null }) {
  const t = useT(knowledgeText);
  const f = useFormat();
  const { owner } = useField();
  const online = useOnline();
  const [opened] = useState(() => new Date().toISOString());
  const [ended, end] = useEnd();
  const [busy, setBusy] = useState(false);
  const here = (useReadHere().get(article.id) ?? 0) >= article.number;
  const there = (article.read_number ?? 0) >= article.number;
  const keep = async () => {
    if (row?.pinned) {
      await unpin(owner, row);
      return toast(t(article.must_read ? 'keptMust' : 'unpinned'));
    }
    setBusy(true);
    try {
      await pin(client, owner, article.id);
      toast(t('pinDone'));
    } catch (error) {
      if (error instanceof DiskFull) await saving(Promise.reject(error));
      else toast(t('pinFailed'));
    } finally {
      setBusy(false);
    }
  };
  const mark = async () => {
    if (await saving(readArticle(owner, article, opened))) toast(t(online ? 'done' : 'doneOffline'));
  };
  return (
    <Page
      title={article.title} sub={f.dots([t('version', { n: article.number }), f.age(article.published_at), article.must_read && !here && !there ? (article.due_day ? t('mustBy', { day: f.dayNear(article.due_day) }) : t('must')) : null])} backTo="/knowledge"
      foot={
        here || there ? <p className="read-line fg-visit" role="status"><Icon name="okCircle" size={20} />{there && article.read_at ? t('readAt', { at: f.dateTime(article.read_at) }) : online ? t('read') : t('readWaiting')}</p>
        : article.must_read ? <button type="button" className="cta" disabled={!ended} onClick={() => void mark()}><Icon name={ended ? 'check' : 'down'} size={22} weight={2} />{t(ended ? 'markRead' : 'toEnd')}</button> : null
      }
    >
      <div className="keep-line">
        <button type="button" className="chipbtn" aria-pressed={row?.pinned ?? false} disabled={busy || (!online && !row)} onClick={() => void keep()}>
          <Icon name={row ? 'okCircle' : 'download'} size={18} />{t(busy ? 'pinning' : row?.pinned ? 'unpin' : row ? 'pinned' : 'pin')}
        </button>
        <span className="m3 s14">{t('pinSize', { size: bytesText(sizeOf(article)) })}</span>
      </div>
      <Reading files={article.files} body={article.body} tags={article.tags} path="/article-files/{id}" />
      <div ref={end} style={{ height: 1 }} />
    </Page>
  );
}

function Reading({ body, tags, files, path }: { body: string; tags?: readonly string[]; files: readonly ArticleFile[]; path: string }): ReactNode {
  const t = useT(knowledgeText);
  return (
    <article className="card mx reading">
      {tags?.length ? <p className="row g4 reading-tags" aria-label={t('tags')}>{tags.map((tag) => <span key={tag} className="tag">{tag}</span>)}</p> : null}
      <Words text={body} files={files} path={path} />
    </article>
  );
}

/** Has the end of the text been on the screen? */
function useEnd(): [boolean, React.RefObject<HTMLDivElement | null>] {
  const ref = useRef<HTMLDivElement>(null);
  const [ended, setEnded] = useState(false);
  useEffect(() => {
    if (!ref.current || ended) return undefined;
    const watch = new IntersectionObserver((seen) => { if (seen.some((one) => one.isIntersecting)) setEnded(true); });
    watch.observe(ref.current);
    return () => watch.disconnect();
  }, [ended]);
  return [ended, ref];
}

/** The guide of a step, in the version pinned to it. That it was opened goes with the step. */
export function GuideScreen({ visitId, stepId }: { visitId: string; stepId: string }) {
  const t = useT(knowledgeText);
  const { snapshot } = useField();
  const visit = useLiveQuery(() => db.visits.get(visitId).then((found) => found ?? null), [visitId]);
  const step = visit?.steps.find((one) => one.id === stepId);
  const same = (one: { id: string; version: number }) => one.id === step?.guide_id && one.version === step.guide_version;
  const guide = visit?.guides?.find(same) ?? snapshot?.guides?.find(same) ?? null;
  const open = visit?.status === 'open' && guide !== null;
  useEffect(() => {
    if (open) void saving(openGuide(visitId, stepId));
  }, [open, visitId, stepId]);
  const to = `/visit/${visitId}`;
  if (visit === undefined) return <div className="phone" />;
  if (!guide) return <Page title={t('guide')} backTo={to}><Empty title={t('needNet')} text={t('needNetText')} action={<Link to={to} className="textlink">{t('guideBack')}</Link>} /></Page>;
  return (
    <Page title={guide.title} sub={t('version', { n: guide.version })} backTo={to} foot={<button type="button" className="cta" onClick={() => back(to)}><Icon name="check" size={22} weight={2} />{t('guideBack')}</button>}>
      <Reading files={guide.files} body={guide.body} path="/field/guide-files/{id}" />
    </Page>
  );
}
