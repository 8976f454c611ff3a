import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { api, type TrackingAdvice, type TrackingHealth, type TrackingHealthBoard } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { ADVICE_LOOK, phonesText } from '@tashi/shared/phones';
import { Ago, Avatar, Icon } from '@tashi/shared/ui';
import { useMemo } from 'react';
import { DataTable, type Column } from '../../kit/DataTable';
import { DayField } from '../../kit/DayField';
import { FilterSelect } from '../../kit/FilterBar';
import { ProblemView } from '../../kit/ProblemView';
import { useDepartmentOptions } from '../../kit/refs';
import { useSearchPatch } from '../../kit/useSearchPatch';
import { ViewsMenu } from '../../kit/SavedViews';
import { HealthDrawer } from './HealthDrawer';
import type { HealthSearch } from './search';
import { healthText } from './text';
import '@tashi/shared/phones/phones.css';
import './health.css';

const FILTERS = ['department', 'advice'];

const key = (row: TrackingHealth) => row.employee.id;
const name = (row: TrackingHealth) => row.employee.name;
const ADVICE = Object.keys(ADVICE_LOOK) as TrackingAdvice[];
export const MISSING = ['no_permission_s', 'phone_off_s', 'no_signal_s', 'unknown_s'] as const;
export const REFUSED = ['bad_time', 'off_duty', 'policy_off', 'left'] as const;

/** Whose phone is not heard, why, and what mends it. Those who need help come first. */
export function HealthScreen() {
  const t = useT(healthText);
  const phones = useT(phonesText);
  const format = useFormat();
  const search = useSearch({ from: '/shell/health' });
  const patch = useSearchPatch<HealthSearch>();
  const departments = useDepartmentOptions();
  const today = format.today();
  const day = search.day ?? today;
  const list = useInfiniteQuery({
    queryKey: ['health', day, search.department ?? 'all'],
    queryFn: ({ pageParam, signal }) =>
      api.get<TrackingHealthBoard>('/tracking/health', { query: { day, department_id: search.department, limit: 100, cursor: pageParam }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor ?? null,
    placeholderData: (old) => old,
    refetchInterval: day === today ? 60_000 : false,
  });
  const all = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data]);
  const advice = ADVICE.find((one) => one === search.advice);
  const rows = useMemo(() => (advice ? all.filter((row) => row.advice.includes(advice)) : all), [all, advice]);
  const found = useMemo(() => ADVICE.filter((one) => all.some((row) => row.advice.includes(one))), [all]);
  const head = list.data?.pages[0];
  const columns = useColumns();
  const open = all.find((row) => row.employee.id === search.person);

  return (
    <div className="health">
      <div className="bar">
        <DayField label={t('day')} before={t('dayBefore')} after={t('dayAfter')} value={day} max={today} onChange={(next) => patch({ day: next === today ? undefined : next })} />
        <FilterSelect label={t('department')} value={search.department} options={departments} onChange={(department) => patch({ department })} />
        <ViewsMenu id="health" keys={FILTERS} />
        <div className="health-chips" role="group" aria-label={t('advice')}>
          {found.map((one) => (
            <button key={one} type="button" className={one === advice ? 'chip on' : 'chip'} aria-pressed={one === advice} onClick={() => patch({ advice: one === advice ? undefined : one })}>
              <Icon name={ADVICE_LOOK[one].icon} size={13} weight={2} className={`fg-${ADVICE_LOOK[one].tone}`} />
              {phones(`advice.${one}`)} <b>{format.number(all.filter((row) => row.advice.includes(one)).length)}</b>
            </button>
          ))}
        </div>
        <span className="sp" />
        {head && head.people > 0 ? (
          <span className="s12 m2" role="status">
            {head.troubled
              ? t('summary', { count: head.troubled, troubled: format.number(head.troubled), people: format.number(head.people) })
              : t('allFine', { people: format.number(head.people) })}
          </span>
        ) : null}
      </div>
      {list.error && !list.data ? (
        <div className="drawer-pad"><ProblemView error={list.error} onRetry={() => list.refetch()} /></div>
      ) : (
        <div className="health-table">
          <DataTable
            label={t('title')}
            rows={rows}
            rowKey={key}
            rowName={name}
            columns={columns}
            pending={list.isPending}
            refreshing={list.isPlaceholderData}
            selectedId={search.person}
            onOpen={(row) => patch({ person: row.employee.id })}
            hasMore={list.hasNextPage}
            loadingMore={list.isFetchingNextPage}
            onMore={() => void (list.hasNextPage && !list.isFetchingNextPage && list.fetchNextPage())}
            empty={
              <div className="empty">
                {advice ? (
                  <>
                    <b>{t('noMatch')}</b>
                    <button type="button" className="btn" onClick={() => patch({ advice: undefined })}>{t('clear')}</button>
                  </>
                ) : (
                  <>
                    <b>{t('empty')}</b>
                    <p>{t('emptyDetail')}</p>
                    <Link to="/settings/$section" params={{ section: 'calendars' }} className="btn">{t('toCalendars')}</Link>
                  </>
                )}
              </div>
            }
          />
        </div>
      )}
      {open ? <HealthDrawer key={open.employee.id} health={open} onClose={() => patch({ person: undefined })} /> : null}
    </div>
  );
}

function useColumns(): Column<TrackingHealth>[] {
  const t = useT(healthText);
  const phones = useT(phonesText);
  const format = useFormat();
  return useMemo(
    () => [
      {
        key: 'employee', title: t('employee'), fixed: true, width: 170,
        render: (row) => (
          <span className="row">
            <Avatar name={row.employee.name} size="sm" />
            <span className="cell2"><b>{row.employee.name}</b><span className="sub">{row.department.name}</span></span>
          </span>
        ),
      },
      {
        key: 'need', title: t('need'), width: 210,
        render: (row) => {
          const [first, ...rest] = row.advice;
          if (!first && row.duty_s === 0) return <span className="row g4 m3"><Icon name="bed" size={14} weight={2} />{t('noneYet')}</span>;
          if (!first) return <span className="row g4 fg-visit"><Icon name="okCircle" size={14} weight={2} />{t('fine')}</span>;
          const look = ADVICE_LOOK[first];
          return (
            <span className="cell2" title={format.dots(row.advice.map((one) => phones(`advice.${one}`)))}>
              <span className={`row g4 fg-${look.tone}`}><Icon name={look.icon} size={14} weight={2} /><span className="clip">{phones(`advice.${first}`)}</span></span>
              {rest.length ? <span className="sub">{t('more', { count: rest.length })}</span> : null}
            </span>
          );
        },
      },
      {
        key: 'heard', title: t('heard'), width: 110,
        render: (row) => (row.heard_at ? <Ago at={row.heard_at} /> : <span className="m3">{t('never')}</span>),
      },
      {
        key: 'battery', title: t('battery'), align: 'right', width: 72,
        render: (row) => (row.battery === null ? <span className="m3">—</span> : <span className={row.battery <= 20 ? 'fg-late' : undefined}>{format.percent(row.battery / 100)}</span>),
      },
      {
        key: 'recorded', title: t('recorded'), width: 150,
        render: (row) => (row.duty_s ? <Share part={row.recorded_s} whole={row.duty_s} /> : <span className="m3">—</span>),
      },
      {
        key: 'missing', title: t('missing'), width: 220,
        render: (row) => {
          const parts = MISSING.filter((one) => row.missing[one] >= 60);
          const words = format.dots(parts.map((one) => t('part', { word: t(`missing.${one}`), minutes: format.minutes(row.missing[one]) })));
          return parts.length ? <span title={words}>{words}</span> : <span className="m3">{row.duty_s ? t('none') : '—'}</span>;
        },
      },
      {
        key: 'refused', title: t('refused'), width: 170,
        render: (row) => {
          const parts = REFUSED.filter((one) => row.refused[one] > 0);
          if (!parts.length) return <span className="m3">{t('refusedNone')}</span>;
          return <span className={row.refused.bad_time ? 'fg-problem' : 'm2'}>{format.dots(parts.map((one) => t(`refused.${one}`, { count: format.number(row.refused[one]) })))}</span>;
        },
      },
      { key: 'trackers', title: t('trackers'), width: 90, render: (row) => (row.trackers ? t('trackerCount', { count: row.trackers }) : <span className="m3">{t('noTracker')}</span>) },
    ],
    [t, phones, format],
  );
}

/** A share of the working time as a bar with its percentage. */
export function Share({ part, whole }: { part: number; whole: number }) {
  const format = useFormat();
  const share = whole ? Math.min(1, part / whole) : 0;
  return (
    <span className="health-share">
      <span className="pb" aria-hidden="true"><i style={{ width: `${share * 100}%` }} /></span>
      <span>{format.percent(share)}</span>
    </span>
  );
}
