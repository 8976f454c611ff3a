import { compact, oneOf, text, type RawSearch } from '../../kit/search';

export const KNOWLEDGE_VIEWS = ['read', 'write', 'practice'] as const;
export type KnowledgeView = (typeof KNOWLEDGE_VIEWS)[number];
export const ARTICLE_STATES = ['draft', 'published', 'retired'] as const;
export type ArticleState = (typeof ARTICLE_STATES)[number];

/** What the address says of the list of articles. */
export interface KnowledgeSearch {
  view?: KnowledgeView;
  q?: string;
  category?: string;
  state?: ArticleState;
  /** `1`: only those somebody must read; of the shelf, those I must and have not. */
  must?: '1';
}

export function parseKnowledgeSearch(raw: RawSearch): KnowledgeSearch {
  return compact({
    view: oneOf(raw.view, KNOWLEDGE_VIEWS), q: text(raw.q), category: text(raw.category), state: oneOf(raw.state, ARTICLE_STATES), must: oneOf(raw.must, ['1']),
  });
}

export const EDITOR_TABS = ['write', 'rules', 'versions', 'readers'] as const;
export type EditorTab = (typeof EDITOR_TABS)[number];

export interface EditorSearch {
  tab?: EditorTab;
}

export function parseEditorSearch(raw: RawSearch): EditorSearch {
  return compact({ tab: oneOf(raw.tab, EDITOR_TABS) });
}
