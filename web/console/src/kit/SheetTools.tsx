import { serverNow, useFormat, useLanguage, useT } from '@tashi/shared/i18n';
import { Icon } from '@tashi/shared/ui';
import { useState } from 'react';
import { useMe } from '../app/session';
import type { Column } from './DataTable';
import { ListSheet } from './ListSheet';
import { printTable } from './printTable';
import { csv, save } from './sheet';
import { kitText } from './text';

/** Two buttons that put a table into a CSV file or onto paper, exactly as it is filtered, with its filters, author and time. */
export function SheetTools<T>({ id, label, rows, rowKey, columns, filters, link, disabled, load, complete = true, cut = false }: {
  /** Names the file. */
  id: string;
  label: string;
  rows: readonly T[];
  rowKey(row: T): string;
  columns: readonly Column<T>[];
  /** What is filtered, in words, at the moment of the click; empty for everything. */
  filters(): readonly string[];
  /** The address that shows the same rows again. */
  link?: () => string;
  disabled?: boolean;
  /** Loads what is not here yet; false when it could not be had. */
  load?: () => Promise<boolean>;
  /** True once all rows are here. */
  complete?: boolean;
  /** True when there are more rows than a sheet takes. */
  cut?: boolean;
}) {
  const t = useT(kitText);
  const format = useFormat();
  const language = useLanguage();
  const me = useMe();
  const [state, setState] = useState<'idle' | 'file' | 'paper' | 'failed'>('idle');
  const busy = state === 'file' || state === 'paper';
  const start = async (kind: 'file' | 'paper') => {
    setState(kind);
    if (load && !(await load())) setState('failed');
  };
  const write = (cells: string[][]) => {
    const words = filters();
    const facts = [
      ...(me.company.demo ? [[t('sheet.demo'), t('sheet.demoDetail')]] : []),
      [t('sheet.filter'), ...(words.length ? words : [t('view.all')])],
      [t('sheet.link'), link?.() ?? window.location.href],
      [t('sheet.author'), me.employee.name, format.dateTime(serverNow())],
      [t('sheet.count'), format.number(rows.length), ...(cut ? [t('sheet.cut')] : [])],
    ];
    if (state === 'paper') {
      const [head = [], ...lines] = cells;
      printTable({ title: `${label} · ${me.company.name}`, facts, head, rows: lines, lang: language === 'zh' ? 'zh-CN' : 'en' });
    } else {
      save(`tashi-${id}-${format.today()}.csv`, csv([[label], ...facts, [], ...cells]));
    }
    setState('idle');
  };
  return (
    <>
      {busy && complete ? <ListSheet rows={rows} rowKey={rowKey} columns={columns} onRead={write} /> : null}
      {state === 'failed' ? <span className="fg-problem" role="alert">{t('sheet.failed')}</span> : null}
      {([['file', 'download'], ['paper', 'printer']] as const).map(([kind, icon]) => (
        <button
          key={kind}
          type="button"
          className="icb small"
          aria-label={t(`sheet.${kind}`)}
          title={t(`sheet.${kind}`)}
          aria-busy={state === kind}
          disabled={busy || disabled || !rows.length}
          onClick={() => void start(kind)}
        >
          <Icon name={icon} size={15} />
        </button>
      ))}
    </>
  );
}
