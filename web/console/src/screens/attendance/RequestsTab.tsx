import { Link, useSearch } from '@tanstack/react-router';
import type { AttendanceRequest } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { Avatar } from '@tashi/shared/ui';
import { useMemo } from 'react';
import { DataPage } from '../../kit/DataPage';
import type { Column } from '../../kit/DataTable';
import { FilterSelect } from '../../kit/FilterBar';
import { useDepartmentOptions } from '../../kit/refs';
import { useList } from '../../kit/useList';
import { useSearchPatch } from '../../kit/useSearchPatch';
import { KINDS, STATUSES, type AttendanceSearch } from './search';
import { attendanceText } from './text';
import { useWords } from './words';

const FILTERS = ['kind', 'status', 'department'];
const key = (row: AttendanceRequest) => row.id;
const name = (row: AttendanceRequest) => row.employee.name;

/** What people asked for, and how it stands. They are decided among the approvals. */
export function RequestsTab() {
  const t = useT(attendanceText);
  const format = useFormat();
  const words = useWords();
  const search = useSearch({ from: '/shell/attendance' });
  const patch = useSearchPatch<AttendanceSearch>();
  const departments = useDepartmentOptions();
  const list = useList<AttendanceRequest>(['attendance', 'requests'], '/attendance-requests', { kind: search.kind, status: search.status, department_id: search.department }, { count: false });
  const columns = useMemo<Column<AttendanceRequest>[]>(() => [
    { key: 'who', title: t('name'), fixed: true, width: 150, render: (row) => <span className="row g6"><Avatar name={row.employee.name} size="sm" />{row.employee.name}</span> },
    { key: 'what', title: t('kind'), width: 190, render: (row) => <b className="clip">{row.cancels_id ? t('ending', { what: words.what(row) }) : words.what(row)}</b> },
    { key: 'when', title: t('when'), width: 240, render: (row) => <span className="clip">{words.when(row)}</span> },
    { key: 'amount', title: t('amount'), width: 90, align: 'right', render: (row) => words.amount(row) },
    { key: 'status', title: t('status'), width: 90, render: (row) => <span className={words.tone(row.status)}>{t(`status.${row.status}`)}</span> },
    { key: 'why', title: t('why'), width: 220, render: (row) => <span className="m2 clip">{row.reason}</span> },
    { key: 'at', title: t('handedIn'), width: 120, render: (row) => format.dateTime(row.created_at) },
    { key: 'case', title: '', width: 100, render: (row) => (row.approval_id && row.status !== 'cancelled' ? <Link to="/approvals/$id" params={{ id: row.approval_id }}>{t('toApproval')}</Link> : null) },
    // The words change with the language only, as `t` does.
  ], [t, format]);
  return (
    <div className="attendance-fill">
      <DataPage
        id="attendance.requests"
        label={t('tab.requests')}
        list={list}
        rowKey={key}
        rowName={name}
        columns={columns}
        filtered={!!(search.kind ?? search.status ?? search.department)}
        onClearFilters={() => patch({ kind: undefined, status: undefined, department: undefined })}
        onOpen={(row) => patch({ person: row.employee.id, day: row.from_day })}
        empty={<><b>{t('requestsEmpty')}</b><p>{t('requestsEmptyDetail')}</p></>}
        filterKeys={FILTERS}
        bar={
          <>
            <FilterSelect label={t('kind')} value={search.kind} options={KINDS.map((value) => ({ value, label: t(`kind.${value}`) }))} onChange={(kind) => patch({ kind: kind as AttendanceSearch['kind'] })} />
            <FilterSelect label={t('status')} value={search.status} options={STATUSES.map((value) => ({ value, label: t(`status.${value}`) }))} onChange={(status) => patch({ status: status as AttendanceSearch['status'] })} />
            <FilterSelect label={t('department')} value={search.department} options={departments} onChange={(department) => patch({ department })} />
          </>
        }
      />
    </div>
  );
}
