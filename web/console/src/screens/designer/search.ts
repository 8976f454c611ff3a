import { compact, day, oneOf, text, type RawSearch } from '../../kit/search';
import { fieldsSaid } from '../objects/search';

export const FORM_TABS = ['design', 'versions', 'records'] as const;
export type FormTab = (typeof FORM_TABS)[number];

/** What the address says of one form's page. */
export interface FormSearch {
  tab?: FormTab;
  /** The opened record. */
  record?: string;
  person?: string;
  department?: string;
  from?: string;
  to?: string;
  /** The records summed up. */
  summary?: string;
  /** Conditions on answers. */
  [field: `f.${string}`]: string | undefined;
}

export function parseFormSearch(raw: RawSearch): FormSearch {
  return compact({
    tab: oneOf(raw.tab, FORM_TABS), record: text(raw.record), person: text(raw.person), department: text(raw.department), from: day(raw.from), to: day(raw.to), summary: text(raw.summary), ...fieldsSaid(raw),
  }) as FormSearch;
}

/** What the address says of the templates. */
export interface TemplatesSearch {
  /** The opened template, or `new`. */
  template?: string;
}

export function parseTemplatesSearch(raw: RawSearch): TemplatesSearch {
  return compact({ template: text(raw.template) });
}
