import type { VisitRow } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { Download } from '../../kit/Download';
import { visitsText } from './text';

/** As many as the server takes one by one; more are a filter. */
const MOST = 100;

/** Chosen visits are taken along as a file, with how each proof was judged. */
export function VisitBatch({ rows }: { rows: VisitRow[] }) {
  const t = useT(visitsText);
  const format = useFormat();
  if (rows.length > MOST) return <span className="s12">{t('chosenMost', { most: MOST })}</span>;
  return <Download path="/visits.xlsx" query={{ ids: rows.map((one) => one.id).join(',') }} fallback="tashi-visits.xlsx" label={t('exportChosen')} title={format.dots([t('exportChosen'), t('title')])} />;
}
