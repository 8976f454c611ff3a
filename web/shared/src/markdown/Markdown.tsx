import { Fragment, type ReactNode, useMemo } from 'react';
import { type Block, type Inline, fileOf, parse, safeAddress } from './parse.ts';
import './markdown.css';

export interface MarkdownProps {
  text: string;
  /** Draws a picture or file named as `file:<id>`. */
  file: (id: string, words: string, picture: boolean) => ReactNode;
}

/** An article's text. What is written becomes elements one by one; nothing of it is taken as HTML. */
export function Markdown({ text, file }: MarkdownProps) {
  const nodes = useMemo(() => parse(text), [text]);
  return <div className="markdown">{nodes.map((node, k) => <BlockView key={k} node={node} file={file} />)}</div>;
}

function BlockView({ node, file }: { node: Block; file: MarkdownProps['file'] }) {
  const line = (of: readonly Inline[]) => of.map((one, k) => <Fragment key={k}>{inline(one, file)}</Fragment>);
  switch (node.is) {
    case 'heading': {
      // The title of the article is the first heading of its page.
      const Tag = `h${Math.min(6, node.level + 1)}` as 'h2';
      return <Tag>{line(node.of)}</Tag>;
    }
    case 'paragraph':
      return <div className="p">{line(node.of)}</div>;
    case 'list': {
      const items = node.items.map((item, k) => <li key={k}>{item.map((one, n) => <BlockView key={n} node={one} file={file} />)}</li>);
      return node.start === null ? <ul>{items}</ul> : <ol start={node.start}>{items}</ol>;
    }
    case 'quote':
      return <blockquote>{node.of.map((one, k) => <BlockView key={k} node={one} file={file} />)}</blockquote>;
    case 'code':
      return <pre tabIndex={0}><code>{node.text}</code></pre>;
    case 'table':
      return (
        <div className="table" tabIndex={0} role="region" aria-label={node.head.map(wordsOf).join(' · ')}>
          <table>
            <thead><tr>{node.head.map((cell, k) => <th key={k} scope="col">{line(cell)}</th>)}</tr></thead>
            <tbody>{node.rows.map((row, k) => <tr key={k}>{row.map((cell, n) => <td key={n}>{line(cell)}</td>)}</tr>)}</tbody>
          </table>
        </div>
      );
    case 'rule':
      return <hr />;
  }
}

function wordsOf(nodes: readonly Inline[]): string {
  return nodes.map((one) => ('of' in one ? wordsOf(one.of) : 'text' in one ? one.text : '')).join('');
}

function inline(node: Inline, file: MarkdownProps['file']): ReactNode {
  const line = (of: readonly Inline[]) => of.map((one, k) => <Fragment key={k}>{inline(one, file)}</Fragment>);
  switch (node.is) {
    case 'text':
      return node.text;
    case 'strong':
      return <strong>{line(node.of)}</strong>;
    case 'em':
      return <em>{line(node.of)}</em>;
    case 'del':
      return <del>{line(node.of)}</del>;
    case 'code':
      return <code>{node.text}</code>;
    case 'break':
      return <br />;
    case 'link': {
      const id = fileOf(node.to);
      if (id) return file(id, wordsOf(node.of), false);
      const to = safeAddress(node.to);
      return to ? <a href={to} target="_blank" rel="noreferrer noopener">{line(node.of)}</a> : <>{line(node.of)}</>;
    }
    case 'picture': {
      const id = fileOf(node.to);
      // A picture from elsewhere would tell that place who reads, and is not there without a network.
      return id ? file(id, node.alt, true) : node.alt;
    }
  }
}
