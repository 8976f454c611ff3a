import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { VisitRow } from '@tashi/shared/api';
import { addDays, commonText, useFormat, useT } from '@tashi/shared/i18n';
import { Avatar, GradeTag, Icon, StateText, VERDICT_LOOK } from '@tashi/shared/ui';
import { useMemo } from 'react';
import { DataPage } from '../../kit/DataPage';
import type { Column } from '../../kit/DataTable';
import { DayField } from '../../kit/DayField';
import { Download } from '../../kit/Download';
import { FilterSelect } from '../../kit/FilterBar';
import { GroupChip } from '../../kit/GroupChip';
import { useActiveEmployees, useDepartmentOptions, useOptions } from '../../kit/refs';
import { SavedViews } from '../../kit/SavedViews';
import { useSearchPatch } from '../../kit/useSearchPatch';
import type { VisitsSearch } from './search';
import { visitsText } from './text';
import { useVisits, visitDays, visitsQuery } from './useVisits';
import { VisitBatch } from './VisitBatch';
import './visits.css';

const key = (row: VisitRow) => row.id;
const name = (row: VisitRow) => row.customer.name;

/** All visits of some days; each opens its truth card. */
export function VisitsScreen() {
  const t = useT(visitsText);
  const common = useT(commonText);
  const format = useFormat();
  const search = useSearch({ from: '/shell/visits' });
  const patch = useSearchPatch<VisitsSearch>();
  const navigate = useNavigate();
  const list = useVisits(search);
  const employees = useActiveEmployees();
  const people = useOptions(employees.data);
  const departments = useDepartmentOptions();
  const days = visitDays(search, format.today());

  const columns = useMemo<Column<VisitRow>[]>(
    () => [
      {
        key: 'customer', title: t('customer'), fixed: true, width: 250,
        render: (row) => (
          <span className="row">
            <GradeTag grade={row.customer.grade} />
            <span className="cell2"><b>{row.customer.name}</b></span>
          </span>
        ),
      },
      {
        key: 'employee', title: t('employee'), width: 120,
        render: (row) => <span className="row g6"><Avatar name={row.employee.name} size="sm" />{row.employee.name}</span>,
      },
      {
        key: 'when', title: t('when'), width: 190,
        render: (row) => (
          <span>
            <span className="m3">{format.day(row.day)}</span> {format.time(row.check_in_at)}–{row.check_out_at ? format.time(row.check_out_at) : t('open')}
            {row.offline ? <span className="tag visit-tag">{t('offline')}</span> : null}
          </span>
        ),
      },
      { key: 'stay', title: t('stay'), width: 88, align: 'right', render: (row) => format.duration(row.stay_s) },
      {
        key: 'verdict', title: t('verdict'), width: 190,
        render: (row) => {
          const look = VERDICT_LOOK[row.verdict];
          return (
            <span className="row g6">
              <StateText tone={look.tone} icon={look.icon}>{common(`verdict.${row.verdict}`)}</StateText>
              <span className="m3 clip" title={row.outside ? format.aside(common(`outside.${row.outside.code}`), row.outside.words) : undefined}>
                {format.dots([row.distance_m === null ? null : format.distance(row.distance_m), row.outside ? common(`outside.${row.outside.code}`) : null])}
              </span>
            </span>
          );
        },
      },
      { key: 'steps', title: t('steps'), width: 64, align: 'right', render: (row) => `${row.steps_done}/${row.steps_total}` },
      { key: 'photos', title: t('photos'), width: 56, align: 'right', render: (row) => format.number(row.photo_count) },
      { key: 'effective', title: t('effective'), width: 200, render: (row) => <EffectiveWord row={row} /> },
      { key: 'summary', title: t('summary'), optional: true, render: (row) => <span className="m2">{row.summary}</span> },
    ],
    [t, common, format],
  );

  const filters = useMemo(() => ({ ...search }) as Record<string, string>, [search]);
  const today = format.today();
  return (
    <DataPage
      id="visits"
      label={t('title')}
      list={list}
      rowKey={key}
      rowName={name}
      columns={columns}
      onOpen={(row) => void navigate({ to: '/visits/$id', params: { id: row.id }, search })}
      batch={(rows) => <VisitBatch rows={rows} />}
      filtered={Object.keys(filters).length > 0}
      onClearFilters={() => void navigate({ to: '/visits' })}
      views={
        <SavedViews
          id="visits"
          builtIn={[
            { key: 'look', name: t('view.look'), search: { verdict: 'cannot_tell,out' } },
            { key: 'ineffective', name: t('view.ineffective'), search: { effective: 'false' } },
            { key: 'open', name: t('view.open'), search: { status: 'open' } },
          ]}
          current={filters}
          onChoose={(next) => void navigate({ to: '/visits', search: next as VisitsSearch })}
        />
      }
      bar={
        <>
          {search.group ? <GroupChip group={search.group} onClear={() => patch({ group: undefined })} /> : null}
          <DayField label={t('from')} value={days.from} max={days.to} onChange={(from) => patch({ from })} />
          <span className="m3" aria-hidden="true">–</span>
          <DayField label={t('to')} value={days.to} min={days.from} max={addDays(today, 1)} onChange={(to) => patch({ to })} />
          <FilterSelect label={t('department')} value={search.department} options={departments} onChange={(department) => patch({ department })} />
          <FilterSelect label={t('employee')} value={search.person} options={people} onChange={(person) => patch({ person })} />
          <FilterSelect
            label={t('verdict')}
            multiple
            value={search.verdict}
            options={(['in', 'cannot_tell', 'out'] as const).map((value) => ({ value, label: common(`verdict.${value}`) }))}
            onChange={(verdict) => patch({ verdict })}
          />
          <FilterSelect
            label={t('effective')}
            value={search.effective}
            options={[{ value: 'true', label: common('visit.effective') }, { value: 'false', label: common('visit.ineffective') }]}
            onChange={(effective) => patch({ effective })}
          />
          <span className="sp" />
          <Download path="/visits.xlsx" query={visitsQuery(search, today)} fallback="tashi-visits.xlsx" label={t('exportList')} title={format.dots([t('exportList'), t('title')])} />
        </>
      }
      empty={
        <>
          <b>{t('empty')}</b>
          <p>{t('emptyDetail')}</p>
          <Link to="/planning" className="btn">{t('toPlanning')}</Link>
        </>
      }
    />
  );
}

/** Effective, or why not, as words. */
export function EffectiveWord({ row }: { row: VisitRow }) {
  const common = useT(commonText);
  if (row.status === 'open') return <StateText tone="accent" icon="radio">{common('visit.open')}</StateText>;
  if (row.effective === null) return <span className="m3">{common('visit.unjudged')}</span>;
  if (row.effective) return <StateText tone="visit" icon="okCircle">{common('visit.effective')}</StateText>;
  const reasons = row.ineffective_reasons.map((reason) => common(`reason.${reason}`)).join('·');
  return (
    <span className="row g4 fg-late" title={reasons}>
      <Icon name="info" size={14} weight={2} />
      <span className="clip">{reasons || common('visit.ineffective')}</span>
    </span>
  );
}
