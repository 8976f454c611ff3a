import { toProblem, type ArticleFile, type ArticlePage } from '@tashi/shared/api';
import { format, useT } from '@tashi/shared/i18n';
import { Icon, toast, type IconName } from '@tashi/shared/ui';
import { useCallback, useDeferredValue, useEffect, useMemo, useRef, useState, type ClipboardEvent, type DragEvent } from 'react';
import { createPortal } from 'react-dom';
import { Modal } from '../../kit/Modal';
import { ProblemView } from '../../kit/ProblemView';
import { useAutosave } from '../designer/useAutosave';
import { knowledgeText } from './text';
import { useCategories, usePatchArticle, usePublishArticle, useSendFile } from './useKnowledge';
import { Words } from './Words';

/** Longest text of an article. */
const MOST = 60_000;

interface Draft {
  title: string;
  category_id: string | null;
  tags: string;
  body: string;
}

/** Tags as typed: between commas. */
export function tagsOf(text: string): string[] {
  return [...new Set(text.split(/[,，、;；\n]/).map((one) => one.trim()).filter(Boolean))].slice(0, 30);
}

type Mark = 'heading' | 'bold' | 'list' | 'numbers' | 'quote' | 'table';
const MARKS: readonly [Mark, IconName][] = [['heading', 'text'], ['bold', 'edit'], ['list', 'list'], ['numbers', 'hash'], ['quote', 'message'], ['table', 'grid']];

/** The text on the left, as it will be read on the right. Every change is kept by itself. */
export function WriteTab({ article, tools, onReload }: { article: ArticlePage; tools: HTMLElement | null; onReload(): void }) {
  const t = useT(knowledgeText);
  const categories = useCategories();
  const patch = usePatchArticle(article.id);
  const [draft, setDraft] = useState<Draft>({ title: article.title, category_id: article.category_id, tags: format().names(article.tags), body: article.body });
  const page = useMemo(() => ({ version: article.version, faults: [] as never[] }), []);
  const kept = useAutosave(page, draft, async (version, now) => ({ version: (await patch.mutateAsync({ version, title: now.title.trim() || article.title, category_id: now.category_id, tags: tagsOf(now.tags), body: now.body })).version, faults: [] }), true);
  const send = useSendFile(article.id);
  const [publishing, setPublishing] = useState(false);
  // Asked for while something may still be unsaved, with the problem that was known then: only a text that was kept is published.
  const [wanted, setWanted] = useState<{ problem: unknown } | null>(null);
  useEffect(() => {
    if (!wanted) return;
    if (kept.state === 'saved') setPublishing(true);
    else if (!kept.problem || kept.problem === wanted.problem) return;
    setWanted(null);
  }, [wanted, kept.state, kept.problem]);
  const [over, setOver] = useState(false);
  const [narrow, setNarrow] = useState<'write' | 'see'>('write');
  const area = useRef<HTMLTextAreaElement>(null);
  const chooser = useRef<HTMLInputElement>(null);
  const shown = useDeferredValue(draft.body);
  const change = (part: Partial<Draft>) => setDraft((old) => ({ ...old, ...part }));

  /** Puts words where the cursor is, as if they had been typed: the browser's own undo takes them back. */
  const put = useCallback((words: string) => {
    const field = area.current;
    if (!field) return;
    field.focus();
    if (!document.execCommand('insertText', false, words)) {
      const { selectionStart: from, selectionEnd: to, value } = field;
      setDraft((old) => ({ ...old, body: value.slice(0, from) + words + value.slice(to) }));
    }
  }, []);
  const take = async (files: Iterable<File>) => {
    for (const file of files) {
      try {
        const sent: ArticleFile = await send.mutateAsync(file);
        const picture = sent.mime.startsWith('image/') || sent.mime.startsWith('video/');
        put(`\n${picture ? '!' : ''}[${sent.name}](file:${sent.id})\n`);
      } catch {
        // Said below the text.
        return;
      }
    }
  };
  const mark = (kind: Mark) => {
    const field = area.current;
    if (!field) return;
    const { selectionStart: from, selectionEnd: to, value } = field;
    const chosen = value.slice(from, to);
    const start = from === 0 || value[from - 1] === '\n' ? '' : '\n';
    const each = (sign: (n: number) => string) => start + (chosen || t('sample')).split('\n').map((line, n) => sign(n) + line).join('\n');
    put(kind === 'bold' ? `**${chosen || t('sample')}**` : kind === 'heading' ? each(() => '## ') : kind === 'list' ? each(() => '- ') : kind === 'numbers' ? each((n) => `${n + 1}. `) : kind === 'quote' ? each(() => '> ')
      : `${start}| ${t('column', { n: 1 })} | ${t('column', { n: 2 })} |\n|---|---|\n|  |  |\n`);
  };
  const paste = (event: ClipboardEvent) => {
    const files = [...event.clipboardData.files];
    if (!files.length) return;
    event.preventDefault();
    void take(files);
  };
  const drop = (event: DragEvent) => {
    setOver(false);
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    void take([...event.dataTransfer.files]);
  };
  const stale = kept.problem !== null && toProblem(kept.problem).code === 'version.conflict';
  return (
    <div className={`writer ${narrow}`}>
      {tools ? createPortal(
        <>
          <span className="s12 m3" role="status">{t(kept.state === 'saved' ? 'kept' : kept.state === 'saving' ? 'keeping' : 'typing')}</span>
          <span className="seg writer-switch">{(['write', 'see'] as const).map((one) => <button key={one} type="button" className={narrow === one ? 'on' : ''} aria-pressed={narrow === one} onClick={() => setNarrow(one)}>{t(one === 'write' ? 'tab.write' : 'preview')}</button>)}</span>
          <button type="button" className="btn pri" disabled={stale || (article.published !== null && !article.changed && kept.state === 'saved')} onClick={() => { setWanted({ problem: kept.problem }); void kept.save(); }}>{t('publish')}</button>
        </>, tools) : null}
      {kept.problem ? (
        <div className="writer-note" role="alert">{stale ? <p className="row g6 fg-problem"><Icon name="warn" />{t('stale')}<button type="button" className="btn sm" onClick={onReload}>{t('reload')}</button></p> : <ProblemView error={kept.problem} compact />}</div>
      ) : null}
      <div className="writer-left">
        <div className="writer-facts">
          <input className="plain-input writer-title" aria-label={t('articleTitle')} value={draft.title} maxLength={120} onChange={(e) => change({ title: e.target.value })} />
          <select className="plain-input" aria-label={t('category')} value={draft.category_id ?? ''} onChange={(e) => change({ category_id: e.target.value || null })}>
            <option value="">{t('noCategory')}</option>
            {(categories.data ?? []).filter((one) => one.parent_id === null).flatMap((one) => [one, ...(categories.data ?? []).filter((child) => child.parent_id === one.id)]).map((one) => <option key={one.id} value={one.id}>{one.parent_id ? `　${one.name}` : one.name}</option>)}
          </select>
          <input className="plain-input" aria-label={t('tags')} placeholder={t('tagsExample')} value={draft.tags} onChange={(e) => change({ tags: e.target.value })} />
        </div>
        <div className="writer-tools" role="toolbar" aria-label={t('format')}>
          {MARKS.map(([one, icon]) => <button key={one} type="button" className="btn sm ghost" title={t(`mark.${one}`)} onMouseDown={(e) => e.preventDefault()} onClick={() => mark(one)}><Icon name={icon} size={14} />{t(`mark.${one}`)}</button>)}
          <button type="button" className="btn sm ghost" onClick={() => chooser.current?.click()}><Icon name="image" size={14} />{t('addFile')}</button>
          <input ref={chooser} type="file" hidden multiple accept="image/jpeg,image/png,image/webp,application/pdf,.docx,.xlsx,.pptx,.doc,.xls,.ppt,video/mp4,video/webm" onChange={(e) => { const files = [...(e.target.files ?? [])]; e.target.value = ''; void take(files); }} />
        </div>
        <textarea
          ref={area} className={`writer-text${over ? ' over' : ''}`} aria-label={t('text')} placeholder={t('textExample')} value={draft.body} maxLength={MOST} spellCheck={false}
          onChange={(e) => change({ body: e.target.value })} onPaste={paste} onDragOver={(e) => { e.preventDefault(); setOver(true); }} onDragLeave={() => setOver(false)} onDrop={drop}
        />
        <p className="writer-foot s12 m3" aria-live="polite">{send.isPending ? t('sending', { name: send.variables.name }) : t('fileHint')}</p>
        {send.error ? <ProblemView error={send.error} compact /> : null}
      </div>
      <div className="writer-right" tabIndex={0} role="region" aria-label={t('preview')}>
        <article className="article">
          <h1>{draft.title || article.title}</h1>
          {tagsOf(draft.tags).length ? <p className="row g4 article-tags">{tagsOf(draft.tags).map((tag) => <span key={tag} className="tag">{tag}</span>)}</p> : null}
          {shown.trim() ? <Words text={shown} files={article.files} /> : <p className="m3">{t('nothingYet')}</p>}
        </article>
      </div>
      {publishing ? <Publish article={article} version={kept.version.current} onClose={() => setPublishing(false)} onDone={(version) => { kept.version.current = version; setPublishing(false); }} /> : null}
    </div>
  );
}

function Publish({ article, version, onClose, onDone }: { article: ArticlePage; version: number; onClose(): void; onDone(version: number): void }) {
  const t = useT(knowledgeText);
  const publish = usePublishArticle(article.id);
  const [note, setNote] = useState('');
  const [again, setAgain] = useState(false);
  const next = (article.published ?? 0) + 1;
  const go = () => publish.mutate({ version, note: note.trim() || null, read_again: again }, {
    onSuccess: (page) => {
      toast(t('publishedNow', { n: page.published ?? next }));
      onDone(page.version);
    },
  });
  const everybody = !article.audience.departments.length && !article.audience.roles.length;
  return (
    <Modal title={t('publishTitle', { n: next })} onClose={onClose} width={480} foot={<><button type="button" className="btn" onClick={onClose}>{t('cancel')}</button><button type="button" className="btn pri" disabled={publish.isPending} onClick={go}>{t('publish')}</button></>}>
      <p className="m2">{everybody ? t('forEverybody') : t('forSome')}</p>
      <label className="stack"><span className="s12 m2">{t('note')}</span><input className="plain-input" value={note} maxLength={300} placeholder={t('noteExample')} onChange={(e) => setNote(e.target.value)} /></label>
      {article.duty && article.published !== null ? <label className="row g6 publish-again"><input type="checkbox" checked={again} onChange={(e) => setAgain(e.target.checked)} />{t('readAgain')}</label> : null}
      {publish.error ? <ProblemView error={publish.error} compact /> : null}
    </Modal>
  );
}
