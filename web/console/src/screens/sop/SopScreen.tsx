import { useQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { api, type Id, type SopFigures, type SopPattern, type SopPerson, type SopReport, type SopStep } from '@tashi/shared/api';
import { addDays, useFormat, useLanguage, useT } from '@tashi/shared/i18n';
import { Avatar, Icon, SkeletonRows } from '@tashi/shared/ui';
import { Select } from 'antd';
import { useMemo } from 'react';
import { useCan } from '../../app/session';
import { DataTable, type Column } from '../../kit/DataTable';
import { DayField } from '../../kit/DayField';
import { EntityDrawer } from '../../kit/EntityDrawer';
import { FilterSelect } from '../../kit/FilterBar';
import { ProblemView } from '../../kit/ProblemView';
import { useDepartmentOptions } from '../../kit/refs';
import { useSearchPatch } from '../../kit/useSearchPatch';
import { TemplateDrawer } from '../designer/TemplateDrawer';
import '../designer/designer.css';
import { useAllTemplates } from '../designer/useTemplates';
import { STEP_ICON } from '../planning/StepsEditor';
import { ReportKind } from '../reports/ReportKind';
import '../reports/reports.css';
import '../checks/checks.css';
import type { SopSearch } from './search';
import './sop.css';
import { sopText } from './text';

const stepKey = (row: SopStep) => row.step.id;
const personKey = (row: SopPerson) => row.employee.id;
const personName = (row: SopPerson) => row.employee.name;
/** From here on a share left out is shown as a problem. */
const MUCH = 0.2;

/** How each step of a template goes, who leaves out what, and the way of the best as its next version. */
export function SopScreen() {
  const t = useT(sopText);
  const format = useFormat();
  const search = useSearch({ from: '/shell/reports/steps' });
  const patch = useSearchPatch<SopSearch>();
  const departments = useDepartmentOptions();
  const canWrite = useCan('task.write');
  const templates = useAllTemplates();
  const today = format.today();
  const [from, to] = [search.from ?? addDays(today, -29), search.to ?? today];
  const template = search.template ?? templates.data?.find((one) => one.active)?.id ?? templates.data?.[0]?.id;
  const query = { template_id: template, day_from: from, day_to: to, department_id: search.department };
  const report = useQuery({
    queryKey: ['sop', 'report', query],
    queryFn: ({ signal }) => api.get<SopReport>('/sop/report', { query, signal }),
    enabled: !!template,
    placeholderData: (old) => old,
  });
  const people = report.data?.people ?? [];
  const chosen = people.find((one) => one.employee.id === search.person);
  const toChoose = (templates.data ?? []).map((one) => ({ value: one.id, label: one.name }));
  const pattern = search.visit ? { visit_id: search.visit } : null;
  return (
    <div className="reports checks sop">
      <div className="bar">
        <ReportKind now="steps" />
        <Select aria-label={t('template')} value={template} options={toChoose} style={{ width: 180 }} onChange={(next) => patch({ template: next, person: undefined })} />
        <DayField label={t('from')} value={from} max={to} onChange={(next) => patch({ from: next })} />
        <span className="m3" aria-hidden="true">–</span>
        <DayField label={t('to')} value={to} min={from} max={today} onChange={(next) => patch({ to: next })} />
        <FilterSelect label={t('department')} value={search.department} options={departments} onChange={(department) => patch({ department })} />
        <span className="sp" />
        {report.data?.visits ? <span className="m2 s12 nw">{t('summary', { count: report.data.visits, visits: format.number(report.data.visits), effective: format.number(report.data.effective) })}</span> : null}
      </div>
      {templates.error ?? (report.error && !report.data) ? <div className="report-pad"><ProblemView error={templates.error ?? report.error} onRetry={() => (templates.error ? templates.refetch() : report.refetch())} /></div>
        : templates.data?.length === 0 ? <div className="empty"><b>{t('noTemplates')}</b><Link to="/designer/templates" className="btn">{t('toTemplates')}</Link></div>
        : report.isPending ? <SkeletonRows rows={8} height={44} />
        : report.data?.visits === 0 ? <div className="empty"><b>{t('empty')}</b><p>{t('emptyDetail')}</p></div>
        : (
          <div className="checks-parts">
            <section aria-label={t('steps')}>
              <div className="hd"><h2>{t('steps')}</h2><span className="sub">{chosen ? chosen.employee.name : t('chooseOne')}</span></div>
              <Steps report={report.data} person={chosen} refreshing={report.isPlaceholderData} />
            </section>
            <section aria-label={t('people')}>
              <div className="hd">
                <h2>{t('people')}</h2>
                {chosen && canWrite && template ? <Link from="/reports/steps" to="/reports/steps" search={(old) => ({ ...old, template, visit: 'person' })} className="btn sm pri end"><Icon name="edit" size={14} />{t('patternOf', { name: chosen.employee.name })}</Link> : null}
              </div>
              <People rows={people} chosen={search.person} refreshing={report.isPlaceholderData} onOpen={(id) => patch({ person: search.person === id ? undefined : id })} />
            </section>
          </div>
        )}
      {pattern && canWrite ? (
        search.visit === 'person'
          ? chosen && template ? <PatternDrawer query={{ template_id: template, employee_id: chosen.employee.id, day_from: from, day_to: to }} onClose={() => patch({ visit: undefined })} /> : null
          : <PatternDrawer query={pattern} onClose={() => patch({ visit: undefined })} />
      ) : null}
    </div>
  );
}

const leftShare = (one: SopFigures) => (one.asked ? (one.asked - one.done) / one.asked : null);

function Share({ value }: { value: number | null }) {
  const format = useFormat();
  if (value === null) return <span className="m3">—</span>;
  return <span className={value >= MUCH ? 'fg-problem' : value > 0 ? undefined : 'm3'}>{format.percent(value)}</span>;
}

function Steps({ report, person, refreshing }: { report: SopReport | undefined; person: SopPerson | undefined; refreshing: boolean }) {
  const t = useT(sopText);
  const format = useFormat();
  const language = useLanguage();
  const rows = report?.steps ?? [];
  const titleOf = (row: SopStep) => (language === 'en' && row.step.title_en) || row.step.title;
  const columns = useMemo<Column<SopStep>[]>(() => {
    const title = (row: SopStep) => (language === 'en' && row.step.title_en) || row.step.title;
    const time = (one: SopFigures | undefined) => (one?.median_s == null ? <span className="m3">—</span> : format.duration(one.median_s));
    const name = person?.employee.name ?? '';
    return [
      {
        key: 'step', title: t('step'), fixed: true, width: 156,
        render: (row) => (
          <span className="row g6">
            <Icon name={STEP_ICON[row.step.kind]} size={15} className="m3" />
            <span className="cell2"><b className="clip">{title(row)}</b>{row.in_force ? row.step.limit_s ? <small className="m3">{t('limit', { duration: format.duration(row.step.limit_s) })}</small> : null : <small className="fg-late">{t('withdrawn')}</small>}</span>
          </span>
        ),
      },
      { key: 'made', title: t('made'), width: 108, render: (row) => <span className="row g6"><span className={row.all.done / row.all.asked < 1 - MUCH ? 'checks-bar low' : 'checks-bar'} style={{ width: 44 }}><i style={{ width: `${(100 * row.all.done) / Math.max(1, row.all.asked)}%` }} /></span><b className="tabular">{row.all.asked ? format.percent(row.all.done / row.all.asked) : '—'}</b></span> },
      ...(person ? [
        { key: 'theirs', title: t('theirs', { name }), width: 108, align: 'right', render: (row) => <Share value={leftShare(person.steps[rows.indexOf(row)] ?? NOTHING)} /> },
        { key: 'theirTime', title: t('theirTime', { name }), width: 108, align: 'right', render: (row) => time(person.steps[rows.indexOf(row)]) },
        { key: 'took', title: t('took'), width: 108, align: 'right', render: (row) => time(row.all) },
      ] satisfies Column<SopStep>[] : [
        { key: 'took', title: t('took'), width: 96, align: 'right', render: (row) => time(row.all) },
        { key: 'slow', title: t('slow'), width: 80, align: 'right', render: (row) => (row.all.slow_s === null ? <span className="m3">—</span> : format.duration(row.all.slow_s)) },
        { key: 'over', title: t('over'), width: 52, align: 'right', render: (row) => (row.all.over ? <span className="fg-late">{format.number(row.all.over)}</span> : <span className="m3">–</span>) },
        { key: 'effective', title: t('effective'), width: 96, align: 'right', render: (row) => <Share value={leftShare(row.effective)} /> },
        { key: 'other', title: t('other'), width: 96, align: 'right', render: (row) => <Share value={leftShare(row.other)} /> },
      ] satisfies Column<SopStep>[]),
    ];
  }, [t, format, language, person, rows]);
  return <div className="checks-table"><DataTable label={t('steps')} rows={rows} rowKey={stepKey} rowName={titleOf} columns={columns} refreshing={refreshing} /></div>;
}

const NOTHING: SopFigures = { asked: 0, done: 0, skipped: 0, over: 0, median_s: null, slow_s: null };

function People({ rows, chosen, refreshing, onOpen }: { rows: readonly SopPerson[]; chosen: Id | undefined; refreshing: boolean; onOpen(id: Id): void }) {
  const t = useT(sopText);
  const format = useFormat();
  const columns = useMemo<Column<SopPerson>[]>(() => [
    { key: 'person', title: t('person'), fixed: true, width: 150, render: (row) => <span className="row g6"><Avatar name={row.employee.name} size="sm" /><b className="clip">{row.employee.name}</b></span> },
    { key: 'visits', title: t('visits'), width: 70, align: 'right', render: (row) => format.number(row.visits) },
    { key: 'good', title: t('good'), width: 84, align: 'right', render: (row) => format.percent(row.effective / Math.max(1, row.visits)) },
    { key: 'left', title: t('leftOut'), width: 84, align: 'right', render: (row) => <Share value={row.asked ? row.left_out / row.asked : null} /> },
    { key: 'over', title: t('over'), width: 70, align: 'right', render: (row) => { const over = row.steps.reduce((sum, one) => sum + one.over, 0); return over ? <span className="fg-late">{format.number(over)}</span> : <span className="m3">–</span>; } },
  ], [t, format]);
  return <div className="checks-table"><DataTable label={t('people')} rows={rows} rowKey={personKey} rowName={personName} columns={columns} selectedId={chosen} refreshing={refreshing} onOpen={(row) => onOpen(row.employee.id)} /></div>;
}

/** The steps as they were really done, in the template's own form: looked at, changed, saved as its next version. */
function PatternDrawer({ query, onClose }: { query: Record<string, string>; onClose(): void }) {
  const t = useT(sopText);
  const language = useLanguage();
  const templates = useAllTemplates();
  const found = useQuery({ queryKey: ['sop', 'pattern', query], queryFn: ({ signal }) => api.get<SopPattern>('/sop/pattern', { query, signal }), staleTime: 0 });
  const template = templates.data?.find((one) => one.id === found.data?.template.id);
  if (!found.data || !template || found.data.visits === 0) {
    return (
      <EntityDrawer title={t('pattern')} width={600} onClose={onClose}>
        {found.error ? <div className="drawer-pad"><ProblemView error={found.error} onRetry={() => found.refetch()} /></div> : found.data?.visits === 0 ? <div className="drawer-pad"><b>{t('noVisits')}</b></div> : <SkeletonRows rows={6} />}
      </EntityDrawer>
    );
  }
  const { employee, visits, steps } = found.data;
  return (
    <TemplateDrawer
      template={template}
      suggested={{
        steps: steps.filter((one) => one.kept).map((one) => one.step),
        left: steps.filter((one) => !one.kept).map((one) => ({ step: one.step, words: t('droppedOne', { title: (language === 'en' && one.step.title_en) || one.step.title, asked: one.asked, done: one.done }) })),
        words: query.visit_id ? t('fromVisit', { name: employee.name }) : t('fromPerson', { name: employee.name, count: visits }),
      }}
      onClose={onClose}
    />
  );
}
