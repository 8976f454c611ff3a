import { Link } from '@tanstack/react-router';
import type { DaySummary, Employee, Playback } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { Badge, Icon } from '@tashi/shared/ui';
import { Select } from 'antd';
import { useMemo } from 'react';
import { DayField } from '../../kit/DayField';
import { isDetour, useDetourPermille } from '../../kit/detour';
import { tracksText } from './text';

/** Who and which day, and what the day came to; every figure opens its rows. */
export function DayBar({ employees, person, other, day, onPerson, onOther, onDay, summary, playback, plan, onPlan, onGap }: {
  employees: readonly Employee[] | undefined;
  person: string | undefined;
  /** A second person, side by side. */
  other: string | undefined;
  day: string;
  onPerson(id: string): void;
  onOther(id: string | undefined): void;
  onDay(day: string): void;
  summary: DaySummary | null;
  playback: Playback | null;
  plan: boolean;
  onPlan(show: boolean): void;
  onGap(): void;
}) {
  const t = useT(tracksText);
  const permille = useDetourPermille();
  const format = useFormat();
  const options = useMemo(
    () => (employees ?? []).map((one) => ({ value: one.id, label: one.name, search: `${one.name} ${one.pinyin}`.toLowerCase() })),
    [employees],
  );
  // Somebody who may not be seen is nobody here, not an id.
  const known = (id: string | undefined) => (options.some((one) => one.value === id) ? id : undefined);
  return (
    <div className="bar tracks-bar">
      <Select
        aria-label={t('person')}
        placeholder={t('person')}
        value={known(person)}
        options={options}
        showSearch={{ filterOption: (input, option) => option?.search.includes(input.toLowerCase()) ?? false }}
        onChange={onPerson}
        style={{ width: 132 }}
        popupMatchSelectWidth={200}
      />
      {person ? (
        <Select
          aria-label={t('other')}
          placeholder={t('other')}
          value={known(other)}
          allowClear
          options={options.filter((one) => one.value !== person)}
          showSearch={{ filterOption: (input, option) => option?.search.includes(input.toLowerCase()) ?? false }}
          onChange={(id?: string) => onOther(id)}
          style={{ width: 116 }}
          popupMatchSelectWidth={200}
        />
      ) : null}
      <DayField label={t('day')} before={t('dayBefore')} after={t('dayAfter')} value={day} max={format.today()} onChange={onDay} />
      {summary ? (
        <>
          {summary.provisional ? (
            <span title={t('provisionalHint')}><Badge tone="late" icon="clock">{t('provisional')}</Badge></span>
          ) : (
            <Badge tone="visit" icon="okCircle">{t('closed')} {format.time(summary.duty.at(-1)?.to)}</Badge>
          )}
          <dl className="tracks-sum">
            <Sum label={t('sum.visits')} unit={t('sum.ofPlan', { count: summary.planned })} value={format.number(summary.visits)} to={{ to: '/visits', search: { person, from: day, to: day } }} />
            <Sum label={t('sum.effective')} value={format.number(summary.effective)} to={{ to: '/visits', search: { person, from: day, to: day, effective: 'true' } }} />
            <Sum
              label={t('sum.stay', { minutes: format.minutes(summary.stay_s) })}
              value={format.hours(summary.stay_s)}
              unit={t('sum.hours')}
              to={{ to: '/visits', search: { person, from: day, to: day } }}
            />
            <Sum
              label={t('sum.driven', { rule: summary.rule_version })}
              value={format.km(summary.counted_m)}
              unit="km"
              title={t('raw', { raw: format.km(summary.raw_m), excluded: format.km(summary.excluded_m) })}
              to={{ to: '/reports', search: { person, day } }}
            />
            <div className="quiet">
              <dt>{t('sum.gap')}</dt>
              <dd>
                <button type="button" disabled={!summary.gap_s || !playback} onClick={onGap}>
                  {format.minutes(summary.gap_s)}<span className="unit">{t('sum.min')}</span>
                </button>
              </dd>
            </div>
            {summary.plan_m ? (
              <div className="quiet">
                <dt>{t('sum.detour')}</dt>
                <dd>{format.number(summary.counted_m / summary.plan_m, 2)}</dd>
              </div>
            ) : null}
            {isDetour(summary.counted_m, summary.best_m, permille) ? (
              <div className="quiet" title={t('sum.bestWhy')}>
                <dt>{t('sum.best')}</dt>
                <dd>{format.km(summary.best_m)}<span className="unit">km</span> <span className="s12 m3">{t('sum.more', { km: format.km(summary.counted_m - (summary.best_m ?? 0)) })}</span></dd>
              </div>
            ) : null}
          </dl>
        </>
      ) : null}
      <span className="sp" />
      {playback?.plan ? (
        <button type="button" className={plan ? 'chip on' : 'chip'} aria-pressed={plan} onClick={() => onPlan(!plan)}>
          {plan ? <Icon name="check" size={13} weight={2.4} /> : null}
          {t('showPlan')}
        </button>
      ) : null}
      {summary ? (
        <Link to="/reports" search={{ person, day }} className="btn">
          <Icon name="report" />
          {t('report')}
        </Link>
      ) : null}
    </div>
  );
}

type Target =
  | { to: '/visits'; search: { person?: string; from: string; to: string; effective?: string } }
  | { to: '/reports'; search: { person?: string; day: string } };

function Sum({ label, value, unit, title, to }: { label: string; value: string; unit?: string; title?: string; to: Target }) {
  return (
    <div title={title}>
      <dt>{label}</dt>
      <dd>
        <Link {...to}>
          {value}
          {unit ? <span className="unit">{unit}</span> : null}
        </Link>
      </dd>
    </div>
  );
}
