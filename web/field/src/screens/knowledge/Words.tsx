import { useLiveQuery } from 'dexie-react-hooks';
import { useCallback, useEffect, useState } from 'react';
import type { ArticleFile } from '@tashi/shared/api';
import { useT } from '@tashi/shared/i18n';
import { Markdown } from '@tashi/shared/markdown/index.ts';
import { Icon, toast } from '@tashi/shared/ui';
import { bytesText } from '@tashi/shared/i18n/bytes.ts';
import { useField, useOnline } from '../../app/context.tsx';
import { client } from '../../app/session.ts';
import { db } from '../../sync/store.ts';
import { knowledgeText } from './text.ts';

/** The text of an article; pictures and files from the phone where they are kept, else from the server. */
export function Words({ text, files, path }: { text: string; files: readonly ArticleFile[]; path: string }) {
  const draw = useCallback((id: string, words: string, picture: boolean) => {
    const file = files.find((one) => one.id === id);
    if (!file) return words;
    return file.mime.startsWith('video/') || (picture && file.mime.startsWith('image/')) ? <Shown file={file} words={words} path={path} /> : <Saved file={file} words={words} path={path} />;
  }, [files, path]);
  return <Markdown text={text} file={draw} />;
}

/** Address of the bytes for an element of this page; null while they are fetched, false where they cannot be had. */
function useAddress(file: ArticleFile, path: string): string | null | false {
  const { owner } = useField();
  const online = useOnline();
  const kept = useLiveQuery(() => db.files.get([owner, file.id]).then((found) => found ?? null), [owner, file.id]);
  const [address, setAddress] = useState<string | null | false>(null);
  useEffect(() => {
    if (kept === undefined) return undefined;
    let made: string | null = null;
    let here = true;
    const show = (bytes: ArrayBuffer) => {
      if (!here) return;
      made = URL.createObjectURL(new Blob([bytes], { type: file.mime }));
      setAddress(made);
    };
    if (kept) show(kept.bytes);
    else if (online) client.fetch('GET', path, undefined, { params: { id: file.id } }).then((answer) => answer.arrayBuffer()).then(show, () => here && setAddress(false));
    else setAddress(false);
    return () => {
      here = false;
      if (made) URL.revokeObjectURL(made);
    };
  }, [kept, online, file.id, file.mime, path]);
  return address;
}

function Shown({ file, words, path }: { file: ArticleFile; words: string; path: string }) {
  const t = useT(knowledgeText);
  const address = useAddress(file, path);
  if (address === false) return <span className="file"><Icon name="image" size={18} />{words || t('pictureMissing')}<small>{t('pictureMissing')}</small></span>;
  // The room is there before the picture: the text below does not jump.
  const room = file.width && file.height ? { aspectRatio: `${file.width} / ${file.height}` } : { minHeight: 160 };
  if (!address) return <span className="bone" style={{ display: 'block', ...room }} />;
  return file.mime.startsWith('video/') ? <video controls playsInline src={address} aria-label={words || file.name} /> : <img src={address} alt={words} width={file.width ?? undefined} height={file.height ?? undefined} />;
}

/** A file to be opened by another app of the phone. */
function Saved({ file, words, path }: { file: ArticleFile; words: string; path: string }) {
  const t = useT(knowledgeText);
  const { owner } = useField();
  const open = async () => {
    try {
      const kept = await db.files.get([owner, file.id]);
      const bytes = kept?.bytes ?? (await (await client.fetch('GET', path, undefined, { params: { id: file.id } })).arrayBuffer());
      const link = document.createElement('a');
      link.href = URL.createObjectURL(new Blob([bytes], { type: file.mime }));
      link.download = file.name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    } catch {
      toast(t('fileNeedsNet'));
    }
  };
  return <button type="button" className="file" onClick={() => void open()}><Icon name="file" size={18} className="fg-accent" />{words || file.name}<small>{bytesText(file.size)}</small></button>;
}
