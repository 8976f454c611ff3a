import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import type { ObjectFace, ObjectRecordRow } from '@tashi/shared/api';
import type { Field } from '@tashi/shared/forms/index.ts';
import { said } from '@tashi/shared/forms/said.ts';
import { useFormat, useLanguage, useT } from '@tashi/shared/i18n';
import { Icon, SkeletonRows } from '@tashi/shared/ui';
import { lazy, Suspense, useMemo } from 'react';
import { useMe } from '../../app/session';
import { DataPage } from '../../kit/DataPage';
import type { Column } from '../../kit/DataTable';
import { Download } from '../../kit/Download';
import { SearchField } from '../../kit/FilterBar';
import { ProblemView } from '../../kit/ProblemView';
import { SavedViews } from '../../kit/SavedViews';
import { useList } from '../../kit/useList';
import { useSearchPatch } from '../../kit/useSearchPatch';
import type { View } from '../../kit/useViews';
import { StatusTag } from '../approvals/StatusTag';
import { useWords } from '../designer/RecordsTab';
import '../designer/designer.css';
import { ObjectList } from './BusinessScreen';
import { filtered, recordsQuery, viewOf } from './conditions';
import { Filters } from './Filters';
import { RecordDrawer } from './RecordDrawer';
import { RecordForm } from './RecordForm';
import { ReportDrawer } from './ReportDrawer';
import type { RecordsSearch } from './search';
import { objectsText } from './text';
import { useFace } from './useObjects';
import './objects.css';

const ImportDrawer = lazy(() => import('../imports/ImportDrawer').then((m) => ({ default: m.ImportDrawer })));

const rowKey = (row: ObjectRecordRow) => row.id;
const rowName = (row: ObjectRecordRow) => row.title;

/** The records of one object, beside the other objects. */
export function RecordsScreen() {
  const t = useT(objectsText);
  const { key } = useParams({ from: '/shell/business/$key' });
  const face = useFace(key);
  return (
    <div className="business">
      <ObjectList />
      {face.error ? <div className="drawer-pad"><p>{t('gone')}</p><ProblemView error={face.error} onRetry={() => face.refetch()} /></div> : face.data ? <Records key={key} face={face.data} /> : <SkeletonRows />}
    </div>
  );
}

function Records({ face }: { face: ObjectFace }) {
  const t = useT(objectsText);
  const me = useMe();
  const language = useLanguage();
  const navigate = useNavigate();
  const search = useSearch({ from: '/shell/business/$key' });
  const patch = useSearchPatch<RecordsSearch>();
  const query = useMemo(() => recordsQuery(search, face.spec.fields), [search, face.spec]);
  const list = useList<ObjectRecordRow>(['objects', 'records', face.key], `/objects/${face.key}/records`, { ...query, sort: search.sort });
  const columns = useColumns(face);
  const current = useMemo(() => viewOf(search), [search]);
  const views = useMemo((): View[] => [
    { key: 'mine', name: t('view.mine'), search: { owner: me.employee.id } },
    { key: 'newest', name: t('newest'), search: { sort: '-changed' } },
  ], [t, me.employee.id]);
  const name = said(face.name, language) || face.key;
  const mayMake = face.may.create && !face.retired;
  const params = { key: face.key };
  return (
    <DataPage
      id={`object.${face.key}`}
      label={name}
      list={list}
      rowKey={rowKey}
      rowName={rowName}
      columns={columns}
      selectedId={search.record ?? null}
      onOpen={(row) => patch({ record: row.id, edit: undefined })}
      sort={search.sort}
      onSort={(sort) => patch({ sort })}
      filtered={Object.keys(current).length > 0}
      onClearFilters={() => void navigate({ to: '/business/$key', params, search: {} })}
      views={<SavedViews id={`o.${face.key}`.slice(0, 40)} builtIn={views} current={current} onChoose={(next) => void navigate({ to: '/business/$key', params, search: next as RecordsSearch })} />}
      bar={
        <>
          <SearchField value={search.q} onChange={(q) => patch({ q }, { replace: true })} placeholder={t('search')} width={190} />
          <Filters face={face} search={search} patch={patch} />
          <span className="sp" />
          <button type="button" className="btn" onClick={() => patch({ report: '1', record: undefined })}><Icon name="chart" size={15} />{t('report')}</button>
          <Download path={`/objects/${face.key}/records.xlsx`} query={{ ...query, sort: search.sort }} fallback={`${face.key}.xlsx`} label={t('exportXlsx')} />
          <Download path={`/objects/${face.key}/records.csv`} query={{ ...query, sort: search.sort }} fallback={`${face.key}.csv`} label={t('exportCsv')} />
          {mayMake ? <button type="button" className="btn" onClick={() => patch({ record: undefined, edit: undefined, import: 'start' })}>{t('import')}</button> : null}
          {mayMake ? <button type="button" className="btn pri" onClick={() => patch({ record: undefined, edit: 'new' })}><Icon name="plus" />{t('new', { name })}</button> : null}
        </>
      }
      empty={
        <>
          <b>{t('none')}</b>
          {mayMake ? <><p>{t('noneDetail')}</p><button type="button" className="btn pri" onClick={() => patch({ edit: 'new' })}>{t('new', { name })}</button></> : null}
        </>
      }
    >
      {search.import && mayMake ? (
        <Suspense>
          <ImportDrawer kind={`object:${face.key}`} name={name} id={search.import === 'start' ? undefined : search.import} onId={(next) => patch({ import: next }, { replace: true })} onClose={() => patch({ import: undefined })} />
        </Suspense>
      ) : search.edit === 'new' && mayMake ? (
        <RecordForm face={face} record={null} onClose={() => patch({ edit: undefined })} onSaved={(record) => patch({ edit: undefined, record: face.may.read === 'none' ? undefined : record.id }, { replace: true })} />
      ) : search.report ? (
        <ReportDrawer face={face} query={query} onClose={() => patch({ report: undefined })} />
      ) : search.record ? (
        <RecordDrawer key={search.record} face={face} id={search.record} editing={search.edit === '1'} onEdit={(on) => patch({ edit: on ? '1' : undefined })} onClose={() => patch({ record: undefined, edit: undefined })} />
      ) : null}
    </DataPage>
  );
}

function useColumns(face: ObjectFace): Column<ObjectRecordRow>[] {
  const t = useT(objectsText);
  const language = useLanguage();
  const format = useFormat();
  const words = useWords(face.spec);
  return useMemo(() => {
    const fields = face.columns.map((key) => face.spec.fields.find((one) => one.key === key)).filter((one): one is Field => !!one && one.key !== face.title_field);
    return [
      {
        key: 'title', title: t('code'), fixed: true, sort: 'code', width: 210,
        render: (row) => <span className="cell2" title={row.title}><b>{row.title}</b>{row.title === row.code ? null : <span className="sub mono">{row.code}</span>}</span>,
      },
      ...fields.map((field): Column<ObjectRecordRow> => ({
        key: `f.${field.key}`, title: said(field.label, language), width: 130, align: field.type === 'number' ? 'right' : undefined, sort: filtered(field) ? field.key : undefined,
        render: (row) => (field.type === 'reference' ? (row.names[String(row.answers[field.key] ?? '')] ?? '') : words(field, row.answers[field.key])),
      })),
      { key: 'approval', title: t('approval'), width: 90, render: (row) => (row.approval ? <StatusTag status={row.approval.status} /> : '') },
      { key: 'owner', title: t('owner'), sort: 'owner', width: 110, render: (row) => row.owner.name },
      { key: 'department', title: t('department'), optional: true, width: 120, render: (row) => row.department.name },
      { key: 'created', title: t('created'), sort: 'created', width: 130, render: (row) => format.dateTime(row.created_at) },
      { key: 'changed', title: t('changed'), sort: 'changed', optional: true, width: 130, render: (row) => format.dateTime(row.changed_at) },
    ];
  }, [face, t, language, format, words]);
}
