import { useLayoutEffect, useRef } from 'react';
import type { Column } from './DataTable';
import { cellText } from './sheet';

/** Draws every row once, unseen, and hands over the texts of its cells: a sheet then says what the list says. */
export function ListSheet<T>({ rows, rowKey, columns, onRead }: {
  rows: readonly T[];
  rowKey(row: T): string;
  columns: readonly Column<T>[];
  onRead(cells: string[][]): void;
}) {
  const table = useRef<HTMLTableElement>(null);
  const done = useRef(false);
  useLayoutEffect(() => {
    if (done.current || !table.current) return;
    done.current = true;
    onRead([...table.current.rows].map((row) => [...row.cells].map(cellText)));
  });
  return (
    <table hidden ref={table}>
      <thead><tr>{columns.map((column) => <th key={column.key}>{column.title}</th>)}</tr></thead>
      <tbody>{rows.map((row) => <tr key={rowKey(row)}>{columns.map((column) => <td key={column.key}>{column.render(row)}</td>)}</tr>)}</tbody>
    </table>
  );
}
