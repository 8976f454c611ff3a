import { Link, useSearch } from '@tanstack/react-router';
import type { Outlook } from '@tashi/shared/api';
import { addDays, useFormat, useT, weekdayOf } from '@tashi/shared/i18n';
import { Icon, SkeletonRows, toast } from '@tashi/shared/ui';
import { useCan } from '../../app/session';
import { DayField } from '../../kit/DayField';
import { FilterSelect } from '../../kit/FilterBar';
import { ProblemView } from '../../kit/ProblemView';
import { useDepartmentOptions } from '../../kit/refs';
import { useSearchPatch } from '../../kit/useSearchPatch';
import { Loads } from './Loads';
import { MissedList } from './MissedList';
import { RollingPanel } from './RollingPanel';
import { RuleForm } from './RuleForm';
import { RuleList } from './RuleList';
import { SPANS, type FrequencySearch } from './search';
import { frequencyText } from './text';
import { useGenerate, useOutlook, useRules } from './useFrequency';
import { WeeksCalendar } from './WeeksCalendar';
import '../planning/planning.css';
import './frequency.css';

/** Is everybody visited as often as he should be? Rules and what was missed left, the weeks ahead right. */
export function FrequencyScreen() {
  const t = useT(frequencyText);
  const format = useFormat();
  const search = useSearch({ from: '/shell/frequency' });
  const patch = useSearchPatch<FrequencySearch>();
  const canEdit = useCan('company.write');
  const canWrite = useCan('task.write');
  const departments = useDepartmentOptions();
  const rules = useRules();
  const today = format.today();
  const monday = addDays(today, 8 - weekdayOf(today));
  const from = search.from && search.from >= today ? search.from : monday;
  const weeks = { from, weeks: Number(search.weeks ?? '4'), department: search.department };
  const some = !!rules.data?.some((rule) => rule.active);
  const outlook = useOutlook(weeks, canWrite && some);
  const generate = useGenerate();
  const fresh = outlook.data?.fresh ?? 0;
  const opened = search.rule === 'new' ? null : rules.data?.find((rule) => rule.id === search.rule);
  return (
    <div className="frequency">
      <div className="bar freq-bar">
        <DayField label={t('from')} before={t('before')} after={t('after')} value={from} min={today} onChange={(next) => patch({ from: next === monday ? undefined : next })} />
        <span className="seg" role="radiogroup" aria-label={t('span')}>
          {SPANS.map((one) => (
            <button key={one} type="button" role="radio" aria-checked={weeks.weeks === Number(one)} className={weeks.weeks === Number(one) ? 'on' : ''} onClick={() => patch({ weeks: one === '4' ? undefined : one })}>{t(`span.${one}`)}</button>
          ))}
        </span>
        <FilterSelect label={t('department')} value={search.department} options={departments} onChange={(department) => patch({ department })} />
        <span className="sp" />
        {canWrite && some ? (
          <button
            type="button"
            className="btn pri"
            disabled={!fresh || generate.isPending || outlook.isFetching}
            onClick={() => generate.mutate(weeks, {
              onSuccess: (done) => toast(done.failed.length ? t('generatedSome', { tasks: done.tasks, failed: done.failed.length }) : t('generated', { tasks: done.tasks, days: done.days })),
            })}
          >
            <Icon name="wand" size={15} />
            {generate.isPending ? t('generating') : fresh ? t('generate', { count: fresh }) : t('generateNone')}
          </button>
        ) : null}
      </div>
      <aside className="freq-side">
        <RuleList canEdit={canEdit} onOpen={(rule) => patch({ rule })} />
        {rules.data?.length ? <RollingPanel canEdit={canEdit} /> : null}
        <MissedList canWrite={canWrite} />
      </aside>
      <main className="freq-main">
        {generate.error ? <ProblemView error={generate.error} compact /> : null}
        {outlook.error ? <ProblemView error={outlook.error} onRetry={() => void outlook.refetch()} /> : null}
        {some && outlook.isPending && canWrite ? <div role="status" aria-label={t('computing')}><SkeletonRows rows={10} height={64} /></div> : null}
        {outlook.data ? (
          <>
            <OutlookWords outlook={outlook.data} />
            {outlook.data.people.length > 1 ? <Loads people={outlook.data.people} /> : null}
            {outlook.data.people.length ? <WeeksCalendar outlook={outlook.data} busy={outlook.isFetching} /> : <p className="freq-pad m3">{t('nobody')}</p>}
          </>
        ) : null}
        {rules.data && !some ? <div className="empty freq-none"><Icon name="sync" size={28} /><b>{t('rulesNone')}</b><p>{t('rulesNoneDetail')}</p></div> : null}
      </main>
      {search.rule && opened !== undefined && canEdit ? <RuleForm key={search.rule} rule={opened} onClose={() => patch({ rule: undefined })} /> : null}
    </div>
  );
}

/** What the weeks come to, and what cannot be met and why. */
function OutlookWords({ outlook }: { outlook: Outlook }) {
  const t = useT(frequencyText);
  const format = useFormat();
  const range = format.number(Math.round(outlook.person_range_permille / 10));
  const reason = (one: Outlook['unmet'][number]) =>
    one.reason === 'too_few_days'
      ? t('reason.too_few_days', { period: one.from && one.to && one.from !== one.to ? `${format.day(one.from)}–${format.day(one.to)}` : format.day(one.from), wanted: one.wanted ?? 0, possible: one.possible ?? 0 })
      : one.reason === 'away' || one.reason === 'full' ? t(`reason.${one.reason}`, { day: format.day(one.from) }) : t(`reason.${one.reason}`);
  return (
    <div className="freq-words">
      <p className="row g6 freq-wrap">
        <b>{t('summary', { fresh: outlook.fresh, standing: outlook.standing, range })}</b>
        {outlook.without_rule ? <Link to="/customers" className="s12">{t('withoutRule', { count: outlook.without_rule })}</Link> : null}
        <span className="s12 m3 end">{t(outlook.source.provider === 'own_map' ? 'sourceMap' : 'sourceStraight')}</span>
      </p>
      {outlook.fresh ? <p className="s12 m3">{t('previewNote')}</p> : null}
      {outlook.unmet.length ? (
        <details className="freq-unmet">
          <summary className="fg-late"><Icon name="info" size={14} weight={2} /> {t('unmet', { count: outlook.unmet.length })}</summary>
          <ul>{outlook.unmet.slice(0, 100).map((one, k) => <li key={k} className="s12"><Link to="/customers/$id" params={{ id: one.customer.id }}>{one.customer.name}</Link> <span className="m2">{reason(one)}</span></li>)}</ul>
        </details>
      ) : null}
      {outlook.passed_over.length ? (
        <details className="freq-unmet">
          <summary className="m2"><Icon name="info" size={14} weight={2} /> {t('passedOver', { count: outlook.passed_over.length })}</summary>
          <ul>{outlook.passed_over.slice(0, 100).map((one) => <li key={one.customer.id} className="s12"><Link to="/customers/$id" params={{ id: one.customer.id }}>{one.customer.name}</Link> <span className="m2">{t(`passedOver.${one.reason}`, { name: one.person.name })}</span></li>)}</ul>
        </details>
      ) : null}
    </div>
  );
}
