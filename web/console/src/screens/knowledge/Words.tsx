import { api, type ArticleFile } from '@tashi/shared/api';
import { Markdown } from '@tashi/shared/markdown/index.ts';
import { Icon } from '@tashi/shared/ui';
import { useCallback } from 'react';

/** `1.4 MB`, `380 KB`. */
export function bytesText(bytes: number): string {
  return bytes >= 1 << 20 ? `${(bytes / (1 << 20)).toFixed(1)} MB` : `${Math.max(1, Math.round(bytes / 1024))} KB`;
}

/** The text of an article with its pictures, videos and files, as the console shows it. */
export function Words({ text, files }: { text: string; files: readonly ArticleFile[] }) {
  const draw = useCallback((id: string, words: string, picture: boolean) => {
    const known = files.find((one) => one.id === id);
    const to = api.url('/article-files/{id}', { params: { id } });
    if (known?.mime.startsWith('video/')) return <video controls preload="metadata" src={to} aria-label={words || known.name} />;
    if (picture && (!known || known.mime.startsWith('image/'))) return <img src={to} alt={words} loading="lazy" width={known?.width ?? undefined} height={known?.height ?? undefined} />;
    return <a className="file" href={to} download={known?.name}><Icon name="file" size={16} className="fg-accent" />{words || known?.name}{known ? <small>{bytesText(known.size)}</small> : null}</a>;
  }, [files]);
  return <Markdown text={text} file={draw} />;
}
