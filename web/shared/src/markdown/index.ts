export { Markdown, type MarkdownProps } from './Markdown.tsx';
export { excerpt, fold, rank, type Snippet } from './find.ts';
export { fileOf, parse, plainWords } from './parse.ts';
