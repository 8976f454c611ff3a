import type { Grade } from '../api/schema';
import { useGrades } from '../grades';
import { commonText, useT } from '../i18n';

const LOOK = ['a', 'b'];

/** Grade of a customer: the best filled, the second with a strong line, others with a thin one, none dashed. */
export function GradeTag({ grade }: { grade: Grade | null }) {
  const t = useT(commonText);
  const rank = useGrades().indexOf(grade ?? '');
  const label = grade ? t('grade', { grade }) : t('noGrade');
  return (
    <span className={`gr ${grade === null ? 'none' : LOOK[rank] ?? 'c'}`} role="img" aria-label={label} title={label}>
      {grade ?? '–'}
    </span>
  );
}
