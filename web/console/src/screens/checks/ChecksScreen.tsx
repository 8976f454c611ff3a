import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { api, type CheckFailure, type CheckScore, type Page } from '@tashi/shared/api';
import { said } from '@tashi/shared/forms/said.ts';
import { addDays, useFormat, useLanguage, useT } from '@tashi/shared/i18n';
import { Icon, SkeletonRows, TaskBadge } from '@tashi/shared/ui';
import { useMemo } from 'react';
import { DataTable, type Column } from '../../kit/DataTable';
import { DayField } from '../../kit/DayField';
import { FilterSelect } from '../../kit/FilterBar';
import { ProblemView } from '../../kit/ProblemView';
import { useDepartmentOptions } from '../../kit/refs';
import { useSearchPatch } from '../../kit/useSearchPatch';
import { ViewsMenu } from '../../kit/SavedViews';
import { ReportKind } from '../reports/ReportKind';
import type { ChecksSearch, ScoresBy } from './search';
import { checksText } from './text';
import '../reports/reports.css';
import './checks.css';

const FILTERS = ['from', 'to', 'by', 'department'];

const key = (row: CheckScore) => row.id ?? 'none';
const BY: readonly ScoresBy[] = ['customer', 'territory', 'department'];
/** Below this the share is shown as a problem. */
const LOW = 0.6;

/** Which stores and areas pass their checks, the worst first, and what became of what failed. */
export function ChecksScreen() {
  const t = useT(checksText);
  const format = useFormat();
  const search = useSearch({ from: '/shell/reports/checks' });
  const patch = useSearchPatch<ChecksSearch>();
  const departments = useDepartmentOptions();
  const today = format.today();
  const [from, to, by] = [search.from ?? addDays(today, -29), search.to ?? today, search.by ?? 'customer'];
  const period = { day_from: from, day_to: to, department_id: search.department };
  const scores = useQuery({
    queryKey: ['checks', 'scores', by, period],
    queryFn: () => api.get<{ items: CheckScore[] }>('/checks/scores', { query: { ...period, by } }),
    placeholderData: (old) => old,
  });
  const rows = scores.data?.items ?? [];
  const nameOf = (row: CheckScore) => row.name ?? t(by === 'customer' ? 'noneDepartment' : 'none');
  const columns = useMemo<Column<CheckScore>[]>(() => [
    { key: 'name', title: t('name'), fixed: true, width: 150, render: (row) => <b className="clip">{row.name ?? t(by === 'customer' ? 'noneDepartment' : 'none')}</b> },
    { key: 'share', title: t('share'), width: 132, render: (row) => <span className="row g6"><span className={row.passed / row.applicable < LOW ? 'checks-bar low' : 'checks-bar'}><i style={{ width: `${(100 * row.passed) / row.applicable}%` }} /></span><b className="tabular">{format.percent(row.passed / row.applicable)}</b></span> },
    { key: 'weights', title: t('weights'), width: 80, align: 'right', render: (row) => `${format.number(row.passed)} / ${format.number(row.applicable)}` },
    { key: 'failed', title: t('failed'), width: 70, align: 'right', render: (row) => (row.failed ? <span className="fg-problem">{format.number(row.failed)}</span> : <span className="m3">–</span>) },
    { key: 'records', title: t('records'), width: 76, align: 'right', render: (row) => format.number(row.records) },
    { key: 'last', title: t('last'), width: 84, render: (row) => format.day(row.last_day) },
  ], [t, format, by]);
  const chosen = by === 'customer' ? rows.find((row) => row.id === search.customer) : undefined;
  return (
    <div className="reports checks">
      <div className="bar">
        <ReportKind now="checks" />
        <DayField label={t('from')} value={from} max={to} onChange={(next) => patch({ from: next })} />
        <span className="m3" aria-hidden="true">–</span>
        <DayField label={t('to')} value={to} min={from} max={today} onChange={(next) => patch({ to: next })} />
        <span className="seg" role="radiogroup" aria-label={t('by')}>
          {BY.map((one) => <button key={one} type="button" role="radio" aria-checked={by === one} className={by === one ? 'on' : ''} onClick={() => patch({ by: one === 'customer' ? undefined : one, customer: undefined })}>{t(`by.${one}`)}</button>)}
        </span>
        <FilterSelect label={t('department')} value={search.department} options={departments} onChange={(department) => patch({ department })} />
        <ViewsMenu id="checks" keys={FILTERS} />
      </div>
      {scores.error && !scores.data ? <div className="report-pad"><ProblemView error={scores.error} onRetry={scores.refetch} /></div> : (
        <div className="checks-parts">
          <section aria-label={t('title')}>
            <div className="checks-table">
              {scores.isPending ? <SkeletonRows rows={8} height={44} /> : (
                <DataTable
                  label={t('title')} rows={rows} rowKey={key} rowName={nameOf} columns={columns} refreshing={scores.isPlaceholderData} selectedId={search.customer}
                  onOpen={(row) => { if (by === 'customer' && row.id) patch({ customer: search.customer === row.id ? undefined : row.id }); }}
                  empty={<div className="empty"><b>{t('empty')}</b><p>{t('emptyDetail')}</p><Link to="/designer/forms" className="btn">{t('toForms')}</Link></div>}
                />
              )}
            </div>
          </section>
          <section aria-label={t('failures')}>
            <div className="hd"><h2>{chosen ? t('failuresOf', { name: nameOf(chosen) }) : t('failures')}</h2>{search.customer ? <button type="button" className="btn sm ghost end" onClick={() => patch({ customer: undefined })}>{t('all')}</button> : null}</div>
            <Failures query={{ ...period, customer_id: search.customer }} />
          </section>
        </div>
      )}
    </div>
  );
}

function Failures({ query }: { query: { day_from: string; day_to: string; department_id?: string; customer_id?: string } }) {
  const t = useT(checksText);
  const format = useFormat();
  const language = useLanguage();
  const list = useInfiniteQuery({
    queryKey: ['checks', 'failures', query],
    queryFn: ({ pageParam }) => api.get<Page<CheckFailure>>('/checks/failures', { query: { ...query, cursor: pageParam, limit: 50 } }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
  if (list.error) return <div className="report-pad"><ProblemView error={list.error} onRetry={() => list.refetch()} compact /></div>;
  if (list.isPending) return <SkeletonRows rows={6} height={56} />;
  const rows = list.data.pages.flatMap((page) => page.items);
  if (!rows.length) return <div className="empty"><Icon name="okCircle" size={22} className="fg-visit" /><b>{t('emptyFailures')}</b></div>;
  return (
    <div className="checks-table" tabIndex={0} role="region" aria-label={t('failures')}>
      <ul className="checks-fails">
        {rows.map((one) => (
          <li key={one.record_id + one.field} className={one.stands ? undefined : 'off'}>
            <span className="row g6">
              <b className="clip sp">{said(one.label, language)}{one.value === null ? null : <span className="tabular"> {format.number(one.value, 1)}</span>}</b>
              {one.stands ? null : <span className="tag">{t('mended')}</span>}
              {one.follow_up?.kind === 'work_order' ? <Link to="/orders" search={{ order: one.follow_up.id }}>{t('followOrder')}</Link> : one.follow_up ? (
                <Link to="/tasks" search={{ task: one.follow_up.id, from: one.follow_up.day ?? undefined, to: one.follow_up.day ?? undefined } as never}>{one.follow_up.status ? <TaskBadge status={one.follow_up.status} /> : t('follow')}</Link>
              ) : <span className="s12 m3">{t('noFollow')}</span>}
            </span>
            {one.remark ? <span>{one.remark}</span> : null}
            <span className="s12 m3 row g6">
              <span className="clip sp">{format.dots([one.customer?.name, one.employee.name, format.day(one.day), one.follow_up?.person && one.follow_up.day && t('due', { name: one.follow_up.person, day: format.day(one.follow_up.day) })])}</span>
              <Link to="/designer/forms/$id" params={{ id: one.form_id }} search={{ tab: 'records', record: one.record_id } as never}>{t('open')}</Link>
            </span>
          </li>
        ))}
      </ul>
      {list.hasNextPage ? <div className="report-pad"><button type="button" className="btn" disabled={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>{t('more')}</button></div> : null}
    </div>
  );
}
