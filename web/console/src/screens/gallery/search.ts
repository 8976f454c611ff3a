import { compact, day, text, type RawSearch } from '../../kit/search';

export interface GallerySearch {
  from?: string;
  to?: string;
  person?: string;
  customer?: string;
  department?: string;
  form?: string;
  /** Key of a question of the form. */
  field?: string;
  /** The picture that is open. */
  photo?: string;
}

export function parseGallerySearch(raw: RawSearch): GallerySearch {
  return compact({
    from: day(raw.from), to: day(raw.to), person: text(raw.person), customer: text(raw.customer), department: text(raw.department),
    form: text(raw.form), field: text(raw.form) ? text(raw.field) : undefined, photo: text(raw.photo),
  });
}
