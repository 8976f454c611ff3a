/** Articles: written, for whom, read by whom. */
import type { Day, Id, Instant, Ref } from './common';
import type { PinnedForm } from './forms';
import type { Step } from './work';

/** Both empty: everybody. */
export interface ArticleAudience {
  departments: Id[];
  /** Keys of roles. */
  roles: string[];
}

export interface ReadingDuty {
  due_day: Day | null;
  since: number;
  asked: number;
  read: number;
}

export interface ArticleLine {
  id: Id;
  title: string;
  category_id: Id | null;
  tags: string[];
  published: number | null;
  published_at: Instant | null;
  changed: boolean;
  retired: boolean;
  duty: ReadingDuty | null;
  department: Ref;
  changed_by: Ref;
  changed_at: Instant;
  version: number;
}

export interface ArticleFile {
  id: Id;
  name: string;
  mime: string;
  size: number;
  sha256: string;
  width: number | null;
  height: number | null;
}

export interface ArticleVersionLine {
  number: number;
  note: string | null;
  published_by: Ref;
  published_at: Instant;
}

export interface ArticleVersion extends ArticleVersionLine {
  title: string;
  tags: string[];
  body: string;
}

export interface ArticlePage extends ArticleLine {
  body: string;
  audience: ArticleAudience;
  files: ArticleFile[];
  versions: ArticleVersionLine[];
}

export interface ArticleCategory {
  id: Id;
  parent_id: Id | null;
  name: string;
  place: number;
  version: number;
}

export interface ArticleReader {
  person: Ref;
  department: Ref;
  done: boolean;
  number: number | null;
  read_at: Instant | null;
}

export interface ArticleReaders {
  since: number;
  due_day: Day | null;
  items: ArticleReader[];
}

/** An article somebody may read, without its text. */
export interface ShelfLine {
  id: Id;
  number: number;
  title: string;
  category_id: Id | null;
  tags: string[];
  published_at: Instant;
  must_read: boolean;
  due_day: Day | null;
  unread: boolean;
  read_number: number | null;
  read_at: Instant | null;
}

export interface Shelf {
  stamp: string;
  items: ShelfLine[];
}

export interface FoundArticle extends ShelfLine {
  excerpt: { text: string; mark: boolean }[];
}

export interface OpenArticle extends ShelfLine {
  body: string;
  note: string | null;
  published_by: Ref;
  files: ArticleFile[];
}

/** A guide in the version pinned to a step. */
export interface PinnedGuide {
  id: Id;
  version: number;
  title: string;
  body: string;
  files: ArticleFile[];
}

export interface PracticeTemplate {
  id: Id;
  name: string;
  steps_version: number;
  steps: Step[];
  min_stay_s: number | null;
}

export interface FieldPractice {
  templates: PracticeTemplate[];
  forms: PinnedForm[];
  guides: PinnedGuide[];
}

export interface Practice {
  id: Id;
  employee: Ref;
  department: Ref;
  template: Ref;
  steps_version: number;
  started_at: Instant;
  ended_at: Instant;
  done: number;
  skipped: number;
  total: number;
}
