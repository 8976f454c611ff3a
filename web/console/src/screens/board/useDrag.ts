import type { Id } from '@tashi/shared/api';
import { useEffect, useRef, type PointerEvent as ReactPointerEvent, type RefObject } from 'react';
import type { Scale } from './scale';

/** Where a task is dropped. */
export type Target = { kind: 'row'; person: Id; second: number } | { kind: 'pool' } | { kind: 'day'; day: string };

/** So far a pointer may move while it still clicks, pixels. */
const SLOP = 5;

interface Drag {
  id: Id;
  name: string;
  x: number;
  y: number;
  ghost: HTMLElement | null;
  /** The targets as they were when the drag began. */
  rows: { person: Id; top: number; bottom: number; cell: DOMRect; element: HTMLElement }[];
  others: { target: Target; rect: DOMRect; element: HTMLElement }[];
  over: HTMLElement | null;
}

/**
 * Drags a task over rows, pool and days. While it moves nothing of React runs: the ghost and the mark of the place are moved
 * directly, against rectangles measured once, so that a move costs the same on a full board.
 */
export function useDrag({ root, scale, nameOf, onDrop }: { root: RefObject<HTMLElement | null>; scale: Scale; nameOf(id: Id): string; onDrop(id: Id, target: Target): void }) {
  const drag = useRef<Drag | null>(null);
  const latest = useRef({ scale, nameOf, onDrop });
  latest.current = { scale, nameOf, onDrop };

  useEffect(() => {
    const mark = document.createElement('span');
    mark.className = 'bdrop';
    const measure = (one: Drag) => {
      const host = root.current;
      if (!host) return;
      one.rows = [...host.querySelectorAll<HTMLElement>('[data-cell]')].map((element) => {
        const cell = element.getBoundingClientRect();
        return { person: element.dataset.cell ?? '', top: cell.top, bottom: cell.bottom, cell, element };
      });
      const drops = [...host.querySelectorAll<HTMLElement>('[data-drop]')];
      one.others = drops.map((element) => ({
        element,
        rect: element.getBoundingClientRect(),
        target: element.dataset.drop === 'pool' ? { kind: 'pool' as const } : { kind: 'day' as const, day: element.dataset.drop ?? '' },
      }));
    };
    const at = (one: Drag, x: number, y: number): { target: Target; element: HTMLElement } | null => {
      for (const other of one.others) {
        const { rect } = other;
        if (x >= rect.left && x <= rect.right && y >= rect.top && y <= rect.bottom) return other;
      }
      const row = one.rows.find(({ top, bottom }) => y >= top && y < bottom);
      if (!row || x > row.cell.right || x < row.cell.left - 140) return null;
      const part = Math.min(1, Math.max(0, (x - row.cell.left) / row.cell.width));
      const { from, to } = latest.current.scale;
      return { target: { kind: 'row', person: row.person, second: from + part * (to - from) }, element: row.element };
    };
    const end = () => {
      const one = drag.current;
      drag.current = null;
      one?.ghost?.remove();
      mark.remove();
      one?.over?.classList.remove('over');
      document.documentElement.classList.remove('dragging-task');
    };
    const move = (event: PointerEvent) => {
      const one = drag.current;
      if (!one) return;
      if (!one.ghost) {
        if (Math.hypot(event.clientX - one.x, event.clientY - one.y) < SLOP) return;
        measure(one);
        one.ghost = document.createElement('div');
        one.ghost.className = 'bghost';
        one.ghost.textContent = latest.current.nameOf(one.id);
        document.body.append(one.ghost);
        document.documentElement.classList.add('dragging-task');
      }
      event.preventDefault();
      one.ghost.style.transform = `translate(${event.clientX + 10}px, ${event.clientY - 12}px)`;
      const found = at(one, event.clientX, event.clientY);
      if (found?.element !== one.over) {
        one.over?.classList.remove('over');
        found?.element.classList.add('over');
        one.over = found?.element ?? null;
        if (found?.target.kind === 'row') found.element.append(mark);
        else mark.remove();
      }
      if (found?.target.kind === 'row') {
        const { left, width } = one.rows.find((row) => row.element === found.element)?.cell ?? { left: 0, width: 1 };
        mark.style.transform = `translateX(${Math.min(width, Math.max(0, event.clientX - left))}px)`;
      }
    };
    const up = (event: PointerEvent) => {
      const one = drag.current;
      const found = one?.ghost ? at(one, event.clientX, event.clientY) : null;
      const moved = !!one?.ghost;
      end();
      if (!one || !moved) return;
      // The click that follows a drag chooses nothing.
      const swallow = (click: Event) => {
        click.stopPropagation();
        click.preventDefault();
      };
      window.addEventListener('click', swallow, { capture: true, once: true });
      setTimeout(() => window.removeEventListener('click', swallow, { capture: true }), 0);
      if (found) latest.current.onDrop(one.id, found.target);
    };
    const key = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && drag.current?.ghost) {
        event.stopPropagation();
        end();
      }
    };
    const scroll = () => {
      if (drag.current?.ghost) measure(drag.current);
    };
    window.addEventListener('pointermove', move, { passive: false });
    window.addEventListener('pointerup', up);
    window.addEventListener('pointercancel', end);
    window.addEventListener('keydown', key, true);
    window.addEventListener('scroll', scroll, true);
    return () => {
      end();
      window.removeEventListener('pointermove', move);
      window.removeEventListener('pointerup', up);
      window.removeEventListener('pointercancel', end);
      window.removeEventListener('keydown', key, true);
      window.removeEventListener('scroll', scroll, true);
    };
  }, [root]);

  return useRef((event: ReactPointerEvent, id: Id) => {
    if (event.button !== 0) return;
    drag.current = { id, name: '', x: event.clientX, y: event.clientY, ghost: null, rows: [], others: [], over: null };
  }).current;
}
