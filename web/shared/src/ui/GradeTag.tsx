import type { Grade } from '../api/schema';
import { commonText, useT } from '../i18n';

/** Grade of a customer: A filled, B strong line, C thin line, none dashed. */
export function GradeTag({ grade }: { grade: Grade | null }) {
  const t = useT(commonText);
  const label = grade ? t('grade', { grade }) : t('noGrade');
  return (
    <span className={`gr ${grade?.toLowerCase() ?? 'none'}`} role="img" aria-label={label} title={label}>
      {grade ?? '–'}
    </span>
  );
}
