import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { api, newId, type BalanceRow, type Balances } from '@tashi/shared/api';
import { commonText, useFormat, useLanguage, useT } from '@tashi/shared/i18n';
import { Avatar, Icon, SkeletonRows, toast } from '@tashi/shared/ui';
import { Select } from 'antd';
import { useMemo, useState } from 'react';
import { useCan } from '../../app/session';
import { DataTable, type Column } from '../../kit/DataTable';
import { FilterSelect } from '../../kit/FilterBar';
import { Modal } from '../../kit/Modal';
import { ProblemView } from '../../kit/ProblemView';
import { useDepartmentOptions } from '../../kit/refs';
import { useSearchPatch } from '../../kit/useSearchPatch';
import { ViewsMenu } from '../../kit/SavedViews';
import type { AttendanceSearch } from './search';
import { attendanceText } from './text';
import { days } from './words';

const FILTERS = ['department'];

const key = (row: BalanceRow) => row.employee.id;
const name = (row: BalanceRow) => row.employee.name;

/** Leave of a year: granted, taken, waiting and left. */
export function BalancesTab() {
  const t = useT(attendanceText);
  const format = useFormat();
  const language = useLanguage();
  const search = useSearch({ from: '/shell/attendance' });
  const patch = useSearchPatch<AttendanceSearch>();
  const departments = useDepartmentOptions();
  const mayGrant = useCan('org.write');
  const [granting, setGranting] = useState(false);
  const now = Number(format.today().slice(0, 4));
  const year = search.year ? Number(search.year) : now;
  const query = { year, department_id: search.department };
  const found = useQuery({ queryKey: ['attendance', 'balances', query], queryFn: () => api.get<Balances>('/leave-balances', { query }), placeholderData: (old) => old });
  const { data } = found;
  const go = (next: number) => patch({ year: next === now ? undefined : String(next) });
  const columns = useMemo<Column<BalanceRow>[]>(() => [
    { key: 'who', title: t('name'), fixed: true, width: 200, render: (row) => <span className="row"><Avatar name={row.employee.name} size="sm" /><span className="cell2"><b>{row.employee.name}</b><span className="sub">{row.department.name}</span></span></span> },
    ...(data?.types ?? []).filter((type) => !type.retired).map((type): Column<BalanceRow> => ({
      key: type.id, title: language === 'zh' ? type.name : type.name_en, width: 150,
      render: (row) => {
        const one = row.balances.find((balance) => balance.leave_type.id === type.id);
        if (!one) return <span className="m3">–</span>;
        if (!one.balanced) return <span className="m2">{one.taken + one.waiting ? t('unlimited', { days: days(one.taken + one.waiting) }) : '–'}</span>;
        return <span className="cell2"><b>{t('leftOf', { left: days(one.left) })}</b><span className="sub">{format.dots([t('ofGranted', { taken: days(one.taken), granted: days(one.granted) }), one.waiting ? t('waiting', { days: days(one.waiting) }) : null])}</span></span>;
      },
    })),
  ], [t, format, language, data?.types]);
  return (
    <>
      <div className="bar">
        <span className="day-field">
          <button type="button" className="icb" aria-label={t('yearBefore')} title={t('yearBefore')} onClick={() => go(year - 1)}><Icon name="left" /></button>
          <b aria-label={t('year')}>{year}</b>
          <button type="button" className="icb" aria-label={t('yearAfter')} title={t('yearAfter')} onClick={() => go(year + 1)}><Icon name="right" /></button>
        </span>
        <FilterSelect label={t('department')} value={search.department} options={departments} onChange={(department) => patch({ department })} />
        <ViewsMenu id="attendance.balances" keys={FILTERS} />
        <span className="m3 s12">{t('balancesHint')}</span>
        <span className="sp" />
        {mayGrant ? <button type="button" className="btn pri" onClick={() => setGranting(true)}><Icon name="plus" size={15} />{t('grant')}</button> : null}
      </div>
      {found.error && !data ? <div className="report-pad"><ProblemView error={found.error} onRetry={found.refetch} /></div> : null}
      <div className="attendance-fill">
        {found.isPending ? <SkeletonRows rows={8} height={44} /> : <DataTable label={t('tab.balances')} rows={data?.rows ?? []} rowKey={key} rowName={name} columns={columns} refreshing={found.isPlaceholderData} empty={<div className="empty"><b>{t('none')}</b><p>{t('noneDetail')}</p></div>} />}
      </div>
      {granting && data ? <Grant data={data} year={year} onClose={() => setGranting(false)} /> : null}
    </>
  );
}

function Grant({ data, year, onClose }: { data: Balances; year: number; onClose(): void }) {
  const t = useT(attendanceText);
  const common = useT(commonText);
  const language = useLanguage();
  const client = useQueryClient();
  const types = data.types.filter((one) => !one.retired && one.balanced);
  const [type, setType] = useState(types[0]?.id ?? '');
  const [amount, setAmount] = useState('5');
  const [reason, setReason] = useState('');
  const [people, setPeople] = useState<string[]>(data.rows.map((row) => row.employee.id));
  const [id] = useState(newId);
  const milli = Math.round(Number(amount) * 1000);
  const ready = !!type && Number.isFinite(milli) && milli !== 0 && people.length > 0 && !!reason.trim();
  const save = useMutation({
    mutationFn: () => api.post('/leave-grants', { id, employee_ids: people, leave_type_id: type, year, milli, reason: reason.trim() }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['attendance'] });
      toast(t('granted'));
      onClose();
    },
  });
  return (
    <Modal
      title={t('grantTitle')} onClose={onClose}
      foot={<><button type="button" className="btn" onClick={onClose}>{common('cancel')}</button><button type="submit" form="grant" className="btn pri" disabled={!ready || save.isPending}>{t('grantDo')}</button></>}
    >
      <form id="grant" className="attendance-form" onSubmit={(event) => { event.preventDefault(); if (ready) save.mutate(); }}>
        <p className="m2">{t('grantDetail')}</p>
        <div className="two">
          <label className="col">{t('leaveType')}<select value={type} onChange={(event) => setType(event.target.value)}>{types.map((one) => <option key={one.id} value={one.id}>{language === 'zh' ? one.name : one.name_en}</option>)}</select></label>
          <label className="col">{t('grantDays')}<input type="number" step="0.5" min={-366} max={366} value={amount} onChange={(event) => setAmount(event.target.value)} /></label>
        </div>
        <label className="col">{t('grantWho')}
          <Select mode="multiple" aria-label={t('grantWho')} maxTagCount={3} optionFilterProp="label" value={people} options={data.rows.map((row) => ({ value: row.employee.id, label: row.employee.name }))} onChange={setPeople} />
        </label>
        <label className="col">{t('grantWhy')}<input type="text" maxLength={200} value={reason} onChange={(event) => setReason(event.target.value)} /></label>
        {save.error ? <ProblemView error={save.error} compact /> : null}
      </form>
    </Modal>
  );
}
