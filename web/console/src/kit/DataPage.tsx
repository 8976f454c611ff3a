import { useFormat, useT } from '@tashi/shared/i18n';
import { Icon, toast } from '@tashi/shared/ui';
import { useCallback, useEffect, useMemo, useState, type ReactNode } from 'react';
import { Check, DataTable, type Column, type Density } from './DataTable';
import { Popover } from './Popover';
import { ProblemView } from './ProblemView';
import { FilterWords } from './filterWords';
import { listLink, takeListLink } from './listLink';
import { SheetTools } from './SheetTools';
import { ListViews } from './SavedViews';
import { useStored } from './stored';
import { TableShape, type Shape } from './tableShape';
import { kitText } from './text';
import { MOST, type ListState } from './useList';

export interface DataPageProps<T> {
  /** Names the stored column set and density. */
  id: string;
  label: string;
  /** The 48 px bar: filters left, actions right. */
  bar: ReactNode;
  /** Saved views with some of the product's; they get a line of their own with the count and the column set. */
  views?: ReactNode;
  /** Instead of `views`: the parts of the address that are filters or order, for views that people save. */
  filterKeys?: readonly string[];
  list: ListState<T>;
  rowKey(row: T): string;
  rowName(row: T): string;
  columns: readonly Column<T>[];
  rowHeight?: number;
  selectedId?: string | null;
  onOpen?(row: T): void;
  onEdit?(row: T): void;
  sort?: string;
  onSort?(sort: string | undefined): void;
  /** Actions of the dark bar that appears with a selection; without it rows cannot be selected. */
  batch?(rows: T[], clear: () => void): ReactNode;
  /** True when the address holds filters: an empty list then offers to clear them. */
  filtered: boolean;
  onClearFilters(): void;
  /** What an empty, unfiltered list teaches: why it is empty and the one next action. */
  empty: ReactNode;
  /** Right of the list, for example a map. */
  side?: ReactNode;
  /** Hides the list when the side takes the whole page. */
  listHidden?: boolean;
  children?: ReactNode;
}

/** A list page: filters in the address, views, column set, density, batch bar, skeleton, empty and error states. */
export function DataPage<T>(props: DataPageProps<T>) {
  const t = useT(kitText);
  const format = useFormat();
  // A link may bring columns and row height of its own; they are there before the first look at what is kept.
  useState(() => takeListLink(props.id, props.columns.map((one) => one.key)));
  const [density, setDensity] = useStored<Density>(`tashi.density.${props.id}`, 'compact');
  const [hidden, setHidden] = useStored<string[] | null>(`tashi.columns.${props.id}`, null);
  const [checked, setChecked] = useState<ReadonlySet<string>>(new Set());
  const { list, rowKey } = props;

  const off = useMemo(
    () => new Set(hidden ?? props.columns.filter((one) => one.optional).map((one) => one.key)),
    [hidden, props.columns],
  );
  const columns = useMemo(() => props.columns.filter((one) => one.fixed || !off.has(one.key)), [props.columns, off]);

  // A row that left the list (filter, deletion) cannot stay selected unseen.
  useEffect(() => {
    if (!checked.size || list.refreshing) return;
    const present = new Set(list.rows.map(rowKey));
    const kept = [...checked].filter((key) => present.has(key));
    if (kept.length !== checked.size) setChecked(new Set(kept));
  }, [list.rows, list.refreshing, checked, rowKey]);
  const clear = useCallback(() => setChecked(new Set()), []);
  const picked = useMemo(() => list.rows.filter((row) => checked.has(rowKey(row))), [list.rows, checked, rowKey]);

  const total = list.total ?? list.rows.length;
  const [words] = useState(() => new Map<string, string>());
  // All that match, also those not loaded yet: they are fetched first, so that what is chosen is what is there.
  const [wantAll, setWantAll] = useState(false);
  const selectAll = async () => {
    setWantAll(true);
    if (!(await list.all())) setWantAll(false);
  };
  useEffect(() => {
    if (!wantAll || list.loadingMore || (list.hasMore && list.rows.length < MOST)) return;
    setWantAll(false);
    setChecked(new Set(list.rows.map(rowKey)));
  }, [wantAll, list.loadingMore, list.hasMore, list.rows, rowKey]);
  const shape = useMemo((): Shape => ({
    columns: columns.map((one) => one.key),
    density,
    changed: hidden !== null || density !== 'compact',
    apply: ({ cols = '', rows }) => {
      const shown = new Set(cols.split('~'));
      if (props.columns.some((one) => shown.has(one.key))) setHidden(props.columns.map((one) => one.key).filter((key) => !shown.has(key)));
      if (rows === 'compact' || rows === 'roomy') setDensity(rows);
    },
  }), [columns, density, hidden, props.columns, setHidden, setDensity]);
  const views = props.views ?? (props.filterKeys ? <ListViews id={props.id.slice(0, 40)} keys={props.filterKeys} /> : null);
  const tools = (
    <>
      <span className="m3 nw" aria-live="polite">
        {list.pending || list.error ? '' : list.total !== null && list.rows.length < list.total
          ? t('table.shown', { shown: format.number(list.rows.length), total: format.number(list.total) })
          : list.hasMore ? t('table.first', { count: total }) : t('table.count', { count: total })}
      </span>
      <SheetTools
        id={props.id}
        label={props.label}
        rows={list.rows}
        rowKey={rowKey}
        columns={columns}
        filters={() => [...words].map(([label, value]) => `${label}: ${value}`)}
        link={() => listLink(columns.map((one) => one.key), density)}
        disabled={list.pending}
        load={list.all}
        complete={!list.loadingMore && (!list.hasMore || list.rows.length >= MOST)}
        cut={list.hasMore}
      />
      <button
        type="button"
        className="icb small"
        aria-label={t('table.copyLink')}
        title={t('table.copyLink')}
        onClick={() => void navigator.clipboard?.writeText(listLink(columns.map((one) => one.key), density)).then(() => toast(t('table.linkCopied')))}
      >
        <Icon name="link" size={15} />
      </button>
      <Popover label={t('table.columns')} className="icb small" align="end" trigger={<Icon name="columns" size={15} />}>
        {() => (
          <div className="column-set">
            <fieldset>
              <legend>{t('table.columns')}</legend>
              {props.columns.map((column) => (
                <label key={column.key} className="column-line">
                  <Check
                    label={typeof column.title === 'string' ? column.title : column.key}
                    checked={column.fixed || !off.has(column.key)}
                    onChange={() => {
                      if (column.fixed) return;
                      const next = new Set(off);
                      if (!next.delete(column.key)) next.add(column.key);
                      setHidden([...next]);
                    }}
                  />
                  <span className={column.fixed ? 'm3' : undefined}>{column.title}</span>
                </label>
              ))}
            </fieldset>
            <fieldset>
              <legend>{t('table.density')}</legend>
              <div className="seg">
                {(['compact', 'roomy'] as const).map((one) => (
                  <button key={one} type="button" className={one === density ? 'on' : ''} aria-pressed={one === density} onClick={() => setDensity(one)}>
                    {t(`table.${one}`)}
                  </button>
                ))}
              </div>
            </fieldset>
          </div>
        )}
      </Popover>
    </>
  );

  return (
    <div className={`data-page${props.side ? ' with-side' : ''}${views ? '' : ' no-views'}${props.listHidden ? ' side-only' : ''}`}>
      <div className="bar"><FilterWords value={words}>{props.bar}</FilterWords>{views ? null : tools}</div>
      {views ? (
        <div className="views">
          <TableShape value={shape}>{views}</TableShape>
          <span className="sp" />
          {tools}
        </div>
      ) : null}
      {props.listHidden ? null : (
        <div className="data-list">
          {list.error ? (
            <div style={{ padding: 16 }}><ProblemView error={list.error} onRetry={list.retry} /></div>
          ) : (
            <DataTable
              label={props.label}
              rows={list.rows}
              rowKey={rowKey}
              rowName={props.rowName}
              columns={columns}
              density={density}
              rowHeight={density === 'compact' ? props.rowHeight : undefined}
              pending={list.pending}
              refreshing={list.refreshing}
              selectedId={props.selectedId}
              onOpen={props.onOpen}
              onEdit={props.onEdit}
              sort={props.sort}
              onSort={props.onSort}
              checked={props.batch ? checked : undefined}
              onCheck={props.batch ? setChecked : undefined}
              hasMore={list.hasMore}
              loadingMore={list.loadingMore}
              onMore={list.more}
              empty={
                <div className="empty">
                  {props.filtered ? (
                    <>
                      <b>{t('table.noMatch')}</b>
                      <p>{t('table.noMatchDetail')}</p>
                      <button type="button" className="btn" onClick={props.onClearFilters}>{t('table.clearFilters')}</button>
                    </>
                  ) : (
                    props.empty
                  )}
                </div>
              }
            />
          )}
          {props.batch && checked.size > 0 ? (
            <div className="batch" role="toolbar" aria-label={t('table.selected', { count: checked.size })}>
              <button type="button" className="icb small" aria-label={t('table.clearSelection')} title={t('table.clearSelection')} onClick={clear}>
                <Icon name="close" size={15} />
              </button>
              <b aria-live="polite">{t('table.selected', { count: format.number(checked.size) })}</b>
              {wantAll ? <span className="batch-link">{t('table.selecting')}</span> : checked.size < Math.min(total, MOST) ? (
                <button type="button" className="batch-link" onClick={() => void selectAll()}>
                  {list.hasMore && list.total === null ? t('table.selectEvery') : t('table.selectShown', { count: format.number(Math.min(total, MOST)) })}
                </button>
              ) : null}
              <span className="sp" />
              {props.batch(picked, clear)}
            </div>
          ) : null}
        </div>
      )}
      {props.side}
      {props.children}
    </div>
  );
}
