import type { FrequencyRule } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { Icon, SkeletonRows } from '@tashi/shared/ui';
import { ProblemView } from '../../kit/ProblemView';
import { useDepartments } from '../../kit/refs';
import { frequencyText } from './text';
import { useConditionWords } from '../custom/list';
import { useCustomFields } from '../custom/useCustomFields';
import { useRules, useSaveRule } from './useFrequency';

/** Rules in the order in which a customer's is looked for. */
export function RuleList({ canEdit, onOpen }: { canEdit: boolean; onOpen(id: string): void }) {
  const t = useT(frequencyText);
  const rules = useRules();
  const save = useSaveRule();
  const list = rules.data ?? [];
  /** Changes places with the one before. */
  const up = async (k: number) => {
    const [one, before] = [list[k], list[k - 1]];
    if (!one || !before) return;
    const placed = (rule: FrequencyRule, place: number) => ({ rule, next: { name: rule.name, place, terms: rule.terms, template_id: rule.template_id, active: rule.active } });
    await save.mutateAsync(placed(one, k - 1));
    if (before.place !== k) await save.mutateAsync(placed(before, k));
  };
  return (
    <section aria-label={t('rules')}>
      <div className="hd">
        <h2>{t('rules')}</h2>
        {canEdit ? <button type="button" className="btn sm end" onClick={() => onOpen('new')}><Icon name="plus" size={14} />{t('addRule')}</button> : null}
      </div>
      {rules.error ? <ProblemView error={rules.error} onRetry={() => void rules.refetch()} compact /> : null}
      {save.error ? <ProblemView error={save.error} compact /> : null}
      {rules.isPending ? <SkeletonRows rows={3} height={56} /> : null}
      {rules.data && !list.length ? <div className="empty freq-pad"><b>{t('rulesNone')}</b><p>{t('rulesNoneDetail')}</p></div> : null}
      <ol className="freq-rules">
        {list.map((rule, k) => (
          <li key={rule.id} className={rule.active ? undefined : 'off'}>
            <button type="button" className="freq-rule" disabled={!canEdit} onClick={() => onOpen(rule.id)}>
              <span className="row g6"><b className="clip sp" title={rule.name}>{rule.name}</b>{rule.active ? null : <span className="s12 m3">{t('inactive')}</span>}</span>
              <RuleWords rule={rule} />
            </button>
            {canEdit && k > 0 ? <button type="button" className="icb tiny" aria-label={t('moveUp', { name: rule.name })} title={t('moveUp', { name: rule.name })} disabled={save.isPending} onClick={() => void up(k)}><Icon name="up" size={14} /></button> : null}
          </li>
        ))}
      </ol>
      {list.length > 1 ? <p className="freq-pad s12 m3">{t('orderHint')}</p> : null}
    </section>
  );
}

/** Whom, how often, when. */
function RuleWords({ rule }: { rule: FrequencyRule }) {
  const t = useT(frequencyText);
  const format = useFormat();
  const { grades, tags, fields, every, times, weekdays, visit_minutes, anybody_of, skills } = rule.terms;
  const departments = useDepartments().data;
  const own = useCustomFields('customer');
  const answers = useConditionWords(own, fields ?? []);
  // One out of reach or no longer there still says that it is not the owner who goes.
  const department = anybody_of && departments ? departments.find((one) => one.id === anybody_of)?.name ?? t('elsewhere') : null;
  const whom = [grades.length ? t('gradeOf', { grades: grades.join('/') }) : null, ...tags, ...answers].filter(Boolean).join('·') || t('anyone');
  const days = weekdays.length === 7 || weekdays.join() === '1,2,3,4,5' ? null : weekdays.map((one) => format.weekday(one)).join(' ');
  return (
    <span className="s12 m3">
      {[whom, t(`sum.${every}`, { times, count: times }), days, t('sum.minutes', { minutes: visit_minutes }), department ? t('sum.anybody', { department }) : null, ...(skills ?? [])].filter(Boolean).join('·')}
    </span>
  );
}
