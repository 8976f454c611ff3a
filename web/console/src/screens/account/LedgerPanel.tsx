import { useNavigate } from '@tanstack/react-router';
import type { LedgerEntry } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { useMemo } from 'react';
import { DataPage } from '../../kit/DataPage';
import type { Column } from '../../kit/DataTable';
import { useList } from '../../kit/useList';
import { accountText } from './text';

const key = (row: LedgerEntry) => row.id;
const name = (row: LedgerEntry) => row.reader.name;

/** Who looked at my position or my day, what for and when. Nobody can erase it. */
export function LedgerPanel() {
  const t = useT(accountText);
  const format = useFormat();
  const navigate = useNavigate();
  const list = useList<LedgerEntry>(['ledger'], '/me/ledger', {}, { count: false });
  const columns = useMemo<Column<LedgerEntry>[]>(
    () => [
      { key: 'at', title: t('ledger.when'), fixed: true, width: 140, render: (row) => <span title={format.timeSeconds(row.at)}>{format.dateTime(row.at)}</span> },
      {
        key: 'reader', title: t('ledger.reader'), fixed: true, width: 180,
        render: (row) => <span className="cell2"><b>{row.reader.name}</b><span className="sub">{row.reader.department}</span></span>,
      },
      { key: 'what', title: t('ledger.what'), width: 120, render: (row) => t(`ledger.${row.what}`) },
      { key: 'purpose', title: t('ledger.purpose'), render: (row) => row.purpose || <span className="m3">—</span> },
      { key: 'day', title: t('ledger.day'), width: 110, render: (row) => format.day(row.day) },
      { key: 'count', title: t('ledger.times'), width: 80, align: 'right', render: (row) => format.number(row.count) },
    ],
    [t, format],
  );
  return (
    <DataPage
      id="ledger"
      label={t('ledger.title')}
      list={list}
      rowKey={key}
      rowName={name}
      columns={columns}
      filtered={false}
      onClearFilters={() => void navigate({ to: '.' })}
      bar={<><h2 className="s14 w7">{t('ledger.title')}</h2><span className="m3 s12">{t('ledger.detail')}</span></>}
      empty={<p>{t('ledger.empty')}</p>}
    />
  );
}
