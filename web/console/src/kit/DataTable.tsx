import { commonText, useT } from '@tashi/shared/i18n';
import { Bone, Icon, useDelayed } from '@tashi/shared/ui';
import { useEffect, useLayoutEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { useShortcuts } from './shortcuts';
import { kitText } from './text';

export interface Column<T> {
  key: string;
  title: ReactNode;
  /** CSS width of the column; without it the column shares what is left. */
  width?: number | string;
  align?: 'right';
  render(row: T): ReactNode;
  /** Name of the sort on the server; `-name` is the other direction. */
  sort?: string;
  /** Cannot be switched off in the column set. */
  fixed?: boolean;
  /** Off until the person switches it on. */
  optional?: boolean;
}

export type Density = 'compact' | 'roomy';
const ROW_HEIGHT: Record<Density, number> = { compact: 44, roomy: 56 };

export interface DataTableProps<T> {
  label: string;
  rows: readonly T[];
  rowKey(row: T): string;
  rowName(row: T): string;
  columns: readonly Column<T>[];
  density?: Density;
  /** Row height in px when rows have one line only. */
  rowHeight?: number;
  pending?: boolean;
  refreshing?: boolean;
  selectedId?: string | null;
  onOpen?(row: T): void;
  onEdit?(row: T): void;
  sort?: string;
  onSort?(sort: string | undefined): void;
  checked?: ReadonlySet<string>;
  onCheck?(keys: ReadonlySet<string>): void;
  hasMore?: boolean;
  loadingMore?: boolean;
  onMore?(): void;
  empty?: ReactNode;
}

/**
 * The one table of the console: sticky head, hairlines, keyboard (`j` `k` `x` `e` Enter), endless scrolling. Only the
 * rows near the window are in the page, so ten thousand rows scroll like ten.
 */
export function DataTable<T>(props: DataTableProps<T>) {
  const { rows, rowKey, columns, checked, onCheck, selectedId, onOpen, onEdit, density = 'compact' } = props;
  const t = useT(kitText);
  const common = useT(commonText);
  const height = props.rowHeight ?? ROW_HEIGHT[density];
  const scroller = useRef<HTMLDivElement>(null);
  const [cursor, setCursor] = useState<number>(-1);
  const visible = useVisibleRange(scroller, rows.length, height);
  const bones = useDelayed(!!props.pending);

  useEffect(() => {
    const index = selectedId ? rows.findIndex((row) => rowKey(row) === selectedId) : -1;
    if (index >= 0) setCursor(index);
  }, [selectedId, rows, rowKey]);

  const { onMore, hasMore } = props;
  useEffect(() => {
    if (hasMore && visible.end >= rows.length - 20) onMore?.();
  }, [visible.end, rows.length, hasMore, onMore]);

  const move = (step: number) => {
    const next = Math.max(0, Math.min(rows.length - 1, cursor + step));
    setCursor(next);
    const box = scroller.current;
    if (!box) return;
    const top = next * height;
    if (top < box.scrollTop) box.scrollTop = top;
    else if (top + height * 2 > box.scrollTop + box.clientHeight) box.scrollTop = top + height * 2 - box.clientHeight;
    const row = rows[next];
    if (row && selectedId && onOpen) onOpen(row);
  };
  const toggle = (id: string) => {
    if (!checked || !onCheck) return;
    const next = new Set(checked);
    if (!next.delete(id)) next.add(id);
    onCheck(next);
  };
  const current = rows[cursor];
  useShortcuts(
    useMemo(
      () => [
        { keys: 'j', label: t('table.down'), run: () => move(1) },
        { keys: 'k', label: t('table.up'), run: () => move(-1) },
        ...(onOpen ? [{ keys: 'o', label: t('table.open'), run: () => current && onOpen(current) }] : []),
        ...(onCheck ? [{ keys: 'x', label: t('table.pick'), run: () => current && toggle(rowKey(current)) }] : []),
        ...(onEdit ? [{ keys: 'e', label: t('table.edit'), run: () => current && onEdit(current) }] : []),
      ],
      // Rebuilt whenever what the keys act on changes.
      [t, cursor, rows, selectedId, checked, onOpen, onEdit, onCheck],
    ),
  );

  const allChecked = !!checked && rows.length > 0 && rows.every((row) => checked.has(rowKey(row)));
  const someChecked = !!checked && checked.size > 0 && !allChecked;
  const span = columns.length + (onCheck ? 1 : 0);

  return (
    <div
      className={props.refreshing ? 'data-table refreshing' : 'data-table'}
      ref={scroller}
      tabIndex={0}
      role="region"
      aria-label={props.label}
      aria-busy={props.pending || props.refreshing}
    >
      <table>
        <colgroup>
          {onCheck ? <col style={{ width: 44 }} /> : null}
          {columns.map((column) => <col key={column.key} style={{ width: column.width }} />)}
        </colgroup>
        <thead>
          <tr>
            {onCheck ? (
              <th className="check">
                <Check
                  label={t('table.selectAll')}
                  checked={allChecked}
                  mixed={someChecked}
                  onChange={() => onCheck(allChecked || someChecked ? new Set() : new Set(rows.map(rowKey)))}
                />
              </th>
            ) : null}
            {columns.map((column) => (
              <HeadCell key={column.key} column={column} sort={props.sort} onSort={props.onSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          {visible.start > 0 ? <tr aria-hidden="true" style={{ height: visible.start * height }}><td colSpan={span} className="space" /></tr> : null}
          {rows.slice(visible.start, visible.end).map((row, offset) => {
            const index = visible.start + offset;
            const id = rowKey(row);
            const on = id === selectedId;
            return (
              <tr
                key={id}
                style={{ height }}
                className={`${on ? 'on' : ''} ${index === cursor ? 'cursor' : ''} ${onOpen ? 'open' : ''}`}
                aria-selected={on || undefined}
                onClick={(event) => {
                  if ((event.target as Element).closest('a, button, input, label')) return;
                  setCursor(index);
                  onOpen?.(row);
                }}
              >
                {onCheck ? (
                  <td className="check">
                    <Check
                      label={t('table.selectRow', { name: props.rowName(row) })}
                      checked={checked?.has(id) ?? false}
                      onChange={() => toggle(id)}
                    />
                  </td>
                ) : null}
                {columns.map((column, position) => (
                  <td key={column.key} className={column.align === 'right' ? 'r' : undefined}>
                    {position === 0 && onOpen ? (
                      <button type="button" className="row-link" aria-current={on || undefined} onClick={() => { setCursor(index); onOpen(row); }}>
                        {column.render(row)}
                      </button>
                    ) : (
                      column.render(row)
                    )}
                  </td>
                ))}
              </tr>
            );
          })}
          {visible.end < rows.length ? (
            <tr aria-hidden="true" style={{ height: (rows.length - visible.end) * height }}><td colSpan={span} className="space" /></tr>
          ) : null}
          {props.pending ? Array.from({ length: 10 }, (_, index) => (
            <tr key={`bone-${index}`} style={{ height }} aria-hidden="true">
              <td colSpan={span}>{bones ? <Bone width={`${30 + ((index * 17) % 40)}%`} /> : null}</td>
            </tr>
          )) : null}
        </tbody>
      </table>
      {props.loadingMore ? <p className="table-foot m3" aria-live="polite">{common('loading')}</p> : null}
      {!props.pending && rows.length === 0 ? props.empty : null}
    </div>
  );
}

function HeadCell<T>({ column, sort, onSort }: { column: Column<T>; sort?: string; onSort?(sort: string | undefined): void }) {
  const t = useT(kitText);
  const up = sort === column.sort;
  const down = sort === `-${column.sort}`;
  const className = column.align === 'right' ? 'r' : undefined;
  if (!column.sort || !onSort) return <th className={className} scope="col">{column.title}</th>;
  return (
    <th className={className} scope="col" aria-sort={up ? 'ascending' : down ? 'descending' : 'none'}>
      <button
        type="button"
        className="sort"
        title={t('table.sortBy', { column: typeof column.title === 'string' ? column.title : '' })}
        onClick={() => onSort(up ? `-${column.sort}` : down ? undefined : column.sort)}
      >
        {column.title}
        <Icon name={up ? 'up' : 'down'} size={13} className={up || down ? undefined : 'ghost'} />
      </button>
    </th>
  );
}

/** A check box with our look; `mixed` is the third state. */
export function Check({ label, checked, mixed, onChange }: { label: string; checked: boolean; mixed?: boolean; onChange(): void }) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (input.current) input.current.indeterminate = !!mixed;
  }, [mixed]);
  return (
    <label className="check-box">
      <input ref={input} type="checkbox" checked={checked} onChange={onChange} aria-label={label} />
      <span className={checked || mixed ? 'cb on' : 'cb'}>
        {checked ? <Icon name="check" size={11} weight={3} /> : mixed ? <Icon name="minus" size={11} weight={3} /> : null}
      </span>
    </label>
  );
}

const OVERSCAN = 12;

/** Which rows must be in the page for the present scroll position; all of them while there are few. */
function useVisibleRange(scroller: React.RefObject<HTMLDivElement | null>, count: number, height: number): { start: number; end: number } {
  const [range, setRange] = useState({ start: 0, end: 60 });
  useLayoutEffect(() => {
    const box = scroller.current;
    if (!box) return;
    const measure = () => {
      const first = Math.floor(box.scrollTop / height);
      const shown = Math.ceil(box.clientHeight / height);
      // Steps of six rows, so that scrolling does not render on every pixel.
      const start = Math.max(0, Math.floor((first - OVERSCAN) / 6) * 6);
      const end = Math.min(count, Math.ceil((first + shown + OVERSCAN) / 6) * 6);
      setRange((old) => (old.start === start && old.end === end ? old : { start, end }));
    };
    measure();
    box.addEventListener('scroll', measure, { passive: true });
    const observer = new ResizeObserver(measure);
    observer.observe(box);
    return () => {
      box.removeEventListener('scroll', measure);
      observer.disconnect();
    };
  }, [scroller, count, height]);
  return { start: Math.min(range.start, count), end: Math.min(range.end, count) };
}
