import { Link } from '@tanstack/react-router';
import type { CustomerPoint, Id } from '@tashi/shared/api';
import { useGrades } from '@tashi/shared/grades.ts';
import { commonText, useFormat, useT } from '@tashi/shared/i18n';
import { GradeTag, Icon, SkeletonRows } from '@tashi/shared/ui';
import { ProblemView } from '../../kit/ProblemView';
import { WindowList } from '../../kit/WindowList';
import type { PoolFilter } from './draft';
import { planningText } from './text';

/** Customers to choose from. The same choice can be made on the map; both are one. */
export function CustomerPool({ rows, pending, error, onRetry, total, filter, onFilter, person, chosen, planned, onToggle }: {
  rows: readonly CustomerPoint[];
  pending: boolean;
  error: unknown;
  onRetry(): void;
  total: number;
  filter: PoolFilter;
  onFilter(next: PoolFilter): void;
  person: Id | undefined;
  chosen: ReadonlySet<Id>;
  /** Who already has this customer on the day. */
  planned: ReadonlyMap<Id, string>;
  onToggle(id: Id, on: boolean): void;
}) {
  const t = useT(planningText);
  const common = useT(commonText);
  const format = useFormat();
  const grades = useGrades();
  const toggleGrade = (grade: string) =>
    onFilter({ ...filter, grades: filter.grades.includes(grade) ? filter.grades.filter((one) => one !== grade) : [...filter.grades, grade] });
  return (
    <>
      <div className="pool-find">
        <span className="field-search">
          <Icon name="search" size={15} />
          <input
            type="search"
            aria-label={t('search')}
            placeholder={t('search')}
            value={filter.q}
            onChange={(event) => onFilter({ ...filter, q: event.target.value })}
          />
        </span>
        <div className="pool-chips" role="group" aria-label={t('filters')}>
          {grades.map((grade) => (
            <button key={grade} type="button" className={filter.grades.includes(grade) ? 'chip on' : 'chip'} aria-pressed={filter.grades.includes(grade)} onClick={() => toggleGrade(grade)}>
              {common('grade', { grade })}
            </button>
          ))}
          <button type="button" className={filter.due ? 'chip on' : 'chip'} aria-pressed={filter.due} onClick={() => onFilter({ ...filter, due: !filter.due })}>
            {t('filter.due')}
          </button>
          {person ? (
            <button
              type="button"
              className={filter.owner ? 'chip on' : 'chip'}
              aria-pressed={!!filter.owner}
              onClick={() => onFilter({ ...filter, owner: filter.owner ? null : person })}
            >
              {t('filter.owned')}
            </button>
          ) : null}
        </div>
      </div>
      {error ? <div className="pool-pad"><ProblemView error={error} onRetry={onRetry} compact /></div> : null}
      {pending ? <SkeletonRows rows={10} height={52} /> : null}
      {!pending && !error && total === 0 ? (
        <div className="empty pool-pad">
          <b>{t('poolEmpty')}</b>
          <p>{t('poolEmptyDetail')}</p>
          <Link to="/customers" className="btn">{t('toCustomers')}</Link>
        </div>
      ) : null}
      {!pending && total > 0 && rows.length === 0 ? <p className="pool-pad m3">{t('noMatch')}</p> : null}
      {rows.length ? (
        <WindowList label={t('pool')} rows={rows} rowKey={(row) => row.id} rowHeight={52}>
          {(row) => {
            const on = chosen.has(row.id);
            const other = planned.get(row.id);
            return (
              <label className={on ? 'pool-row on' : 'pool-row'} title={row.name}>
                <input type="checkbox" checked={on} aria-label={t('select', { name: row.name })} onChange={() => onToggle(row.id, !on)} />
                <span className="row g6 pool-name">
                  <GradeTag grade={row.grade} />
                  <b className="clip">{row.name}</b>
                </span>
                <span className="pool-sub clip">
                  {row.last_visit_day ? t('lastVisit', { day: format.dayAge(row.last_visit_day) }) : t('neverVisited')}
                  {other ? <span className="tag pool-tag">{t('planned', { name: other })}</span> : null}
                </span>
              </label>
            );
          }}
        </WindowList>
      ) : null}
    </>
  );
}
