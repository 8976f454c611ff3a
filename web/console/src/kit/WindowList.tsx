import { useEffect, useLayoutEffect, useRef, useState, type ReactNode } from 'react';

/** A list whose rows are all equally high; only those near the window are in the page, so thousands scroll like ten. */
export function WindowList<T>({ label, rows, rowKey, rowHeight, current, children }: {
  label: string;
  rows: readonly T[];
  rowKey(row: T): string;
  rowHeight: number;
  /** Key of a row that must be in view when it changes. */
  current?: string | null;
  children(row: T): ReactNode;
}) {
  const box = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 800 });
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const read = () => setView({ top: element.scrollTop, height: element.clientHeight });
    read();
    const observer = new ResizeObserver(read);
    observer.observe(element);
    element.addEventListener('scroll', read, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', read);
    };
  }, []);
  useEffect(() => {
    const element = box.current;
    const at = current ? rows.findIndex((row) => rowKey(row) === current) * rowHeight : -1;
    if (!element || at < 0) return;
    if (at < element.scrollTop || at + rowHeight > element.scrollTop + element.clientHeight) element.scrollTop = at - element.clientHeight / 3;
    // Only a new current row scrolls.
  }, [current]);
  const first = Math.max(0, Math.floor(view.top / rowHeight) - 8);
  const last = Math.min(rows.length, Math.ceil((view.top + view.height) / rowHeight) + 8);
  return (
    <div ref={box} role="region" aria-label={label} tabIndex={0} style={{ flex: 1, minHeight: 0, overflow: 'auto', outlineOffset: -2 }}>
      <ul style={{ position: 'relative', height: rows.length * rowHeight }}>
        {rows.slice(first, last).map((row, i) => (
          <li key={rowKey(row)} style={{ position: 'absolute', left: 0, right: 0, top: (first + i) * rowHeight, height: rowHeight }}>
            {children(row)}
          </li>
        ))}
      </ul>
    </div>
  );
}
