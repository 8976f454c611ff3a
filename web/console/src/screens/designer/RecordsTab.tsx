import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { api, type FormFile, type FormPage, type FormRecord, type FormRecordRow } from '@tashi/shared/api';
import { type Checked, type Field, type FormSpec, type Value, offered } from '@tashi/shared/forms/index.ts';
import { said } from '@tashi/shared/forms/said.ts';
import { type Language, addDays, format, useFormat, useLanguage, useT } from '@tashi/shared/i18n';
import { Avatar, Icon, SkeletonRows, toast } from '@tashi/shared/ui';
import { useMemo, useState } from 'react';
import { useCan } from '../../app/session';
import { DataPage } from '../../kit/DataPage';
import type { Column } from '../../kit/DataTable';
import { DayField } from '../../kit/DayField';
import { Download } from '../../kit/Download';
import { EntityDrawer } from '../../kit/EntityDrawer';
import { FilterMore, FilterSelect } from '../../kit/FilterBar';
import { PlayRecording } from '../../kit/PlayRecording';
import { ProblemView } from '../../kit/ProblemView';
import { useActiveEmployees, useDepartmentOptions, useOptions } from '../../kit/refs';
import { useList } from '../../kit/useList';
import { useSearchPatch } from '../../kit/useSearchPatch';
import { StatusTag } from '../approvals/StatusTag';
import { customActive, CustomFilters } from '../custom/list';
import { conditionsOf, filtered } from '../objects/conditions';
import { ReferenceField } from '../objects/ReferenceField';
import { FileAnswer, ReferenceAnswer } from './FileAnswer';
import { TestInput } from './Preview';
import type { FormSearch } from './search';
import { SummaryDrawer } from './SummaryDrawer';
import { designerText } from './text';
import { useCorrect, usePublished, useRecord } from './useForms';

/** The form as it was, and the names its answers refer to. */
export type Told = Pick<FormRecord, 'spec' | 'names'> & {
  /** Files that have arrived, and where each lies; absent where only words are shown. */
  files?: readonly FormFile[];
  fileUrl?(id: string): string;
  /** Pictures lie with a visit, not among the files. */
  visited?: boolean;
};

const FILTERS = ['person', 'department', 'from', 'to'];
const key = (row: FormRecordRow) => row.id;
/** What was filled in outside visits has no customer; it came from ODK Collect. */
const customerOf = (row: FormRecordRow) => row.customer?.name ?? 'ODK Collect';
const name = customerOf;

/** A number with the decimals it has. */
const plain = (value: number, language: Language) => new Intl.NumberFormat(language === 'en' ? 'en' : 'zh-CN', { maximumFractionDigits: 6 }).format(value);

/** An answer as words. */
export function useWords(spec: FormSpec): (field: Field, value: unknown) => string {
  const t = useT(designerText);
  const language = useLanguage();
  return (field, value) => {
    if (value === undefined || value === null) return '';
    if (typeof value === 'boolean') return t(value ? 'yes' : 'no');
    if (typeof value === 'number') return `${plain(value, language)}${field.type === 'number' && field.unit ? ` ${said(field.unit, language)}` : ''}`;
    if (field.type === 'choice' || field.type === 'choices') return optionWords(spec, field, value, language);
    if (field.type === 'table' && Array.isArray(value)) return `×${value.length}`;
    if (field.type === 'photo' && Array.isArray(value)) return `×${value.length}`;
    if (field.type === 'file' && Array.isArray(value)) return t('filesCount', { count: value.length });
    if (field.type === 'check' && typeof value === 'object') {
      const { result, value: measured } = value as Checked;
      return [result ? t(`check.${result}`) : '', measured === undefined ? '' : `${plain(measured, language)}${said(field.measure?.unit, language)}`].filter(Boolean).join(' ');
    }
    if (field.type === 'signature' || field.type === 'audio') return '✓';
    if (field.type === 'place') return t('placeHidden');
    return String(value);
  };
}

function optionWords(spec: FormSpec, field: Extract<Field, { type: 'choice' | 'choices' }>, value: unknown, language: Language): string {
  const { parent: _, ...any } = field;
  const options = offered(spec, any, null);
  return format(language).names((Array.isArray(value) ? value : [value]).map((one) => said(options.find((o) => o.value === one)?.label, language) || String(one)));
}

/** Everything filled in with this form, within reach. */
export function RecordsTab({ form }: { form: FormPage }) {
  const t = useT(designerText);
  const format = useFormat();
  const language = useLanguage();
  const navigate = useNavigate();
  const search = useSearch({ from: '/shell/designer/forms/$id' });
  const patch = useSearchPatch<FormSearch>();
  const people = useOptions(useActiveEmployees().data);
  const departments = useDepartmentOptions();
  const today = format.today();
  const days = { from: search.from ?? addDays(today, -29), to: search.to ?? today };
  const spec = usePublished(form);
  const query = { form_id: form.id, employee_id: search.person, department_id: search.department, day_from: days.from, day_to: days.to, filter: conditionsOf(search, spec.fields) };
  const narrowed = customActive(spec, search);
  const filterKeys = useMemo(() => [...FILTERS, ...spec.fields.map((one) => `f.${one.key}`)], [spec]);
  const list = useList<FormRecordRow>(['forms', 'records'], '/form-records', query);
  const words = useWords(form.draft);
  const columns = useMemo<Column<FormRecordRow>[]>(
    () => [
      { key: 'customer', title: t('customer'), fixed: true, width: 200, render: (row) => (row.customer ? <b>{row.customer.name}</b> : <span className="m3">{t('outside')}</span>) },
      { key: 'person', title: t('person'), width: 120, render: (row) => <span className="row g6"><Avatar name={row.employee.name} size="sm" />{row.employee.name}</span> },
      { key: 'when', title: t('when'), width: 130, render: (row) => format.dateTime(row.filled_at) },
      ...form.draft.fields.filter((f) => f.type !== 'note').slice(0, 12).map((field): Column<FormRecordRow> => ({
        key: `f.${field.key}`, title: said(field.label, language), width: 130, render: (row) => words(field, row.answers[field.key]),
      })),
      { key: 'approval', title: t('approval'), width: 100, render: (row) => (row.approval ? <StatusTag status={row.approval.status} /> : '') },
      { key: 'score', title: t('score'), width: 70, align: 'right', render: (row) => (row.score === null ? '' : plain(row.score, language)) },
      { key: 'version', title: t('version'), width: 70, render: (row) => <span className="row g4">{t('published', { n: row.form.number })}{row.edits ? <Icon name="edit" size={13} className="fg-late" /> : null}</span> },
    ],
    [t, format, language, form.draft, words],
  );
  return (
    <DataPage
      id={`form.${form.key}`}
      label={t('records')}
      list={list}
      rowKey={key}
      rowName={name}
      columns={columns}
      selectedId={search.record ?? null}
      onOpen={(row) => patch({ record: row.id })}
      filtered={!!(search.person || search.department || search.from || search.to || narrowed)}
      onClearFilters={() => patch({ person: undefined, department: undefined, from: undefined, to: undefined, ...Object.fromEntries(spec.fields.map((one) => [`f.${one.key}`, undefined])) })}
      filterKeys={filterKeys}
      bar={
        <>
          <DayField label={t('from')} value={days.from} max={days.to} onChange={(from) => patch({ from })} />
          <span className="m3" aria-hidden="true">–</span>
          <DayField label={t('to')} value={days.to} min={days.from} onChange={(to) => patch({ to })} />
          <FilterSelect label={t('department')} value={search.department} options={departments} onChange={(department) => patch({ department })} />
          <FilterSelect label={t('person')} value={search.person} options={people} onChange={(person) => patch({ person })} />
          {spec.fields.some((one) => filtered(one)) ? <FilterMore active={narrowed}><CustomFilters spec={spec} search={search} patch={patch} /></FilterMore> : null}
          <span className="sp" />
          <button type="button" className="btn" onClick={() => patch({ summary: '1', record: undefined })}><Icon name="chart" size={14} />{t('summary')}</button>
          <Download path="/form-records.xlsx" query={query} fallback={`${form.key}.xlsx`} label={t('exportXlsx')} />
          <Download path="/form-records.csv" query={query} fallback={`${form.key}.csv`} label={t('exportCsv')} />
        </>
      }
      empty={<><b>{t('recordsNone')}</b><p>{t('recordsEmptyDetail')}</p><button type="button" className="btn" onClick={() => void navigate({ to: '/planning' })}>{t('toPlanning')}</button></>}
    >
      {search.summary && !search.record ? <SummaryDrawer form={form} query={query} onClose={() => patch({ summary: undefined })} onOpen={(field, value) => patch({ summary: undefined, [`f.${field}`]: value })} /> : null}
      {search.record ? <RecordDrawer key={search.record} id={search.record} onClose={() => patch({ record: undefined })} /> : null}
    </DataPage>
  );
}

function RecordDrawer({ id, onClose }: { id: string; onClose(): void }) {
  const t = useT(designerText);
  const record = useRecord(id);
  if (record.error) return <EntityDrawer title={t('records')} onClose={onClose}><div className="drawer-pad"><ProblemView error={record.error} onRetry={() => record.refetch()} /></div></EntityDrawer>;
  if (!record.data) return <EntityDrawer title={t('records')} onClose={onClose}><SkeletonRows /></EntityDrawer>;
  return <RecordCard record={record.data} onClose={onClose} />;
}

function RecordCard({ record, onClose }: { record: FormRecord; onClose(): void }) {
  const t = useT(designerText);
  const format = useFormat();
  const language = useLanguage();
  const canCorrect = useCan('task.write');
  const [answers, setAnswers] = useState<Record<string, Value> | null>(null);
  const [reason, setReason] = useState('');
  const correct = useCorrect(record.id);
  const told: Told = { ...record, visited: true, fileUrl: (id) => api.url('/form-records/{id}/files/{file_id}', { params: { id: record.id, file_id: id } }) };
  const save = () => {
    if (!answers) return;
    correct.mutate({ version: record.version, answers, reason }, { onSuccess: () => { setAnswers(null); setReason(''); toast(t('corrected')); } });
  };
  return (
    <EntityDrawer
      title={said(record.form.title, language)}
      subtitle={`${customerOf(record)} · ${record.employee.name} · ${format.dateTime(record.filled_at)}`}
      onClose={onClose}
      dirty={answers !== null && !correct.isPending}
      foot={answers === null ? (
        <>
          {record.visit_id ? <Link to="/visits/$id" params={{ id: record.visit_id }} className="btn">{t('openVisit')}</Link> : <span className="s12 m3">{t('outsideDetail')}</span>}
          {record.approval ? <Link to="/approvals/$id" params={{ id: record.approval.id }} className="btn">{t('seeApproval')}</Link> : null}
          {canCorrect ? <button type="button" className="btn end" onClick={() => setAnswers(record.answers as Record<string, Value>)}><Icon name="edit" size={14} />{t('correct')}</button> : null}
        </>
      ) : (
        <>
          <button type="button" className="btn" onClick={() => { setAnswers(null); correct.reset(); }}>{t('cancel')}</button>
          <button type="button" className="btn pri end" disabled={!reason.trim() || correct.isPending} onClick={save}>{t('correctDo')}</button>
        </>
      )}
    >
      <div className="drawer-pad record">
        <p className="row g6 s12 m2">
          <span className="tag">{t('published', { n: record.form.number })}</span>
          {record.score === null ? null : <span>{t('testScore', { n: plain(record.score, language) })}</span>}
          {record.checks && record.checks.applicable > 0 ? <span>{t('checksShare', { percent: format.percent(record.checks.passed / record.checks.applicable), passed: record.checks.passed, applicable: record.checks.applicable })}</span> : null}
          {record.checks?.failed ? <span className="fg-problem">{t('checksFailed', { count: record.checks.failed })}</span> : null}
          {record.edits ? <span className="fg-late">{t('edited', { count: record.edits })}</span> : null}
        </p>
        {answers === null ? <Answers record={told} fields={record.spec.fields} answers={record.answers} /> : (
          <div className="record-edit">
            <label className="stack"><span className="s12 m2">{t('correctReason')}</span><input className="plain-input" data-autofocus maxLength={200} value={reason} onChange={(e) => setReason(e.target.value)} /></label>
            {correct.error ? <ProblemView error={correct.error} compact /> : null}
            {record.spec.fields.filter((f) => f.calc === undefined && f.type !== 'note').map((field) => (
              <div key={field.key} className="record-field">
                <span className="s12 m2">{said(field.label, language)}</span>
                {field.type === 'reference' ? <ReferenceField to={field.to} label={said(field.label, language)} value={typeof answers[field.key] === 'string' ? String(answers[field.key]) : null} known={record.names} onChange={(value) => setAnswers({ ...answers, [field.key]: value })} /> : <TestInput spec={record.spec} field={field} value={answers[field.key] ?? null} values={answers} fixed onChange={(value) => setAnswers({ ...answers, [field.key]: value })} />}
              </div>
            ))}
          </div>
        )}
        {record.history.length ? (
          <section className="section">
            <h3 className="s14 w7">{t('history')}</h3>
            {record.history.map((one, k) => (
              <div key={k} className="record-before">
                <p><b>{one.by.name}</b> <span className="m3">{format.dateTime(one.at)}</span></p>
                <p className="m2">{one.reason || t('selfAgain')}</p>
                <details><summary className="s12">{t('before')}</summary><Answers record={told} fields={record.spec.fields} answers={one.before} /></details>
              </div>
            ))}
          </section>
        ) : null}
      </div>
    </EntityDrawer>
  );
}

/** Answers with their questions, as they were given. */
export function Answers({ record, fields, answers }: { record: Told; fields: readonly Field[]; answers: Record<string, unknown> }) {
  const language = useLanguage();
  return (
    <dl className="dl record-answers">
      {fields.filter((f) => f.type !== 'note' && answers[f.key] !== undefined && answers[f.key] !== null).map((field) => (
        <div key={field.key}>
          <dt>{said(field.label, language)}</dt>
          <dd><Answer record={record} field={field} value={answers[field.key]} /></dd>
        </div>
      ))}
    </dl>
  );
}

function Answer({ record, field, value }: { record: Told; field: Field; value: unknown }) {
  const t = useT(designerText);
  const language = useLanguage();
  const words = useWords(record.spec);
  const loose = record.visited ? undefined : record.fileUrl;
  const picture = (id: string) => loose ? (
    record.files?.some((file) => file.id === id)
      ? <a key={id} href={loose(id)} target="_blank" rel="noreferrer"><img src={loose(id)} alt={said(field.label, language)} loading="lazy" /></a>
      : <span key={id} className="record-waiting"><Icon name="cloudUp" size={18} />{t('fileWaiting')}</span>
  ) : (
    <a key={id} href={`/api/v1/photos/${id}/stamped`} target="_blank" rel="noreferrer"><img src={`/api/v1/photos/${id}/thumb`} alt={said(field.label, language)} loading="lazy" /></a>
  );
  if (field.type === 'photo' && Array.isArray(value)) return <span className="record-pictures">{value.map((id) => picture(String(id)))}</span>;
  if (field.type === 'check' && value !== null && typeof value === 'object') {
    const { result, value: measured, remark, photos } = value as Checked;
    return (
      <span className="stack">
        <span className="row g6">{result ? <span className={result === 'fail' ? 'fg-problem w7' : result === 'pass' ? 'fg-visit w7' : 'm3'}>{t(`check.${result}`)}</span> : t('noAnswer')}{measured === undefined ? null : <span className="tabular">{plain(measured, language)} {said(field.measure?.unit, language)}</span>}</span>
        {remark ? <span>{remark}</span> : null}
        {photos?.length ? <span className="record-pictures">{photos.map(picture)}</span> : null}
      </span>
    );
  }
  if (field.type === 'audio') return <PlayRecording id={String(value)} label={said(field.label, language)} />;
  if (field.type === 'signature') return <span className="record-pictures">{picture(String(value))}</span>;
  if (field.type === 'file' && Array.isArray(value)) return <FileAnswer ids={value.map(String)} record={record} />;
  if (field.type === 'reference') return <ReferenceAnswer to={field.to} id={String(value)} name={record.names[String(value)]} />;
  if (field.type === 'place') {
    const at = value as { lng?: number; lat?: number; accuracy_m?: number };
    return <>{at.lng === undefined || at.lat === undefined ? t('placeHidden') : `${at.lat.toFixed(5)}, ${at.lng.toFixed(5)}`}</>;
  }
  if (field.type === 'table' && Array.isArray(value)) {
    return (
      <div className="record-table">
        <table>
          <thead><tr>{field.fields.map((f) => <th key={f.key}>{said(f.label, language)}</th>)}</tr></thead>
          <tbody>{(value as Record<string, unknown>[]).map((row, n) => <tr key={n}>{field.fields.map((f) => <td key={f.key}><Answer record={record} field={f} value={row[f.key]} /></td>)}</tr>)}</tbody>
        </table>
      </div>
    );
  }
  return <>{words(field, value) || t('noAnswer')}</>;
}
