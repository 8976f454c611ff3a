import type { UrgentCandidate } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { FilterSelect } from '../../kit/FilterBar';
import type { DispatchSearch } from './search';
import { dispatchText } from './text';
import { useSkills } from './useDispatch';

const WHO = ['all', 'idle', 'busy'] as const;

/** Whom the map shows. The list beside it stays whole: whoever is recommended is not hidden by a filter. */
export function MapFilter({ people, left, search, patch }: {
  people: readonly UrgentCandidate[];
  /** How many the filter leaves. */
  left: number;
  search: DispatchSearch;
  patch(change: Partial<DispatchSearch>): void;
}) {
  const t = useT(dispatchText);
  const format = useFormat();
  const skills = useSkills().data ?? [];
  const here = new Set(people.map((one) => one.employee.id));
  const named = [...new Set(skills.filter((one) => here.has(one.employee.id)).flatMap((one) => one.skills))].sort((a, b) => a.localeCompare(b, 'zh-CN'));
  const teams = [...new Map(people.map((one) => [one.department.id, one.department.name]))].map(([value, label]) => ({ value, label }));
  return (
    <div className="dispatch-filter" role="group" aria-label={t('filterWho')}>
      <span className="seg">
        {WHO.map((one) => (
          <button key={one} type="button" aria-pressed={(search.who ?? 'all') === one} className={(search.who ?? 'all') === one ? 'on' : ''} onClick={() => patch({ who: one === 'all' ? undefined : one })}>{t(`who.${one}`)}</button>
        ))}
      </span>
      {named.length || search.skill ? <FilterSelect label={t('filterSkill')} value={search.skill} options={named.map((value) => ({ value, label: value }))} onChange={(skill) => patch({ skill })} width={116} /> : null}
      {teams.length > 1 || search.team ? <FilterSelect label={t('filterTeam')} value={search.team} options={teams} onChange={(team) => patch({ team })} width={116} /> : null}
      <span className="s12 m3">{left || !people.length ? `${format.number(left)} / ${format.number(people.length)}` : t('filterNone')}</span>
    </div>
  );
}
