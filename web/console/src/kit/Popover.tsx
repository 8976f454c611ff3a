import { useCallback, useEffect, useLayoutEffect, useRef, useState, type ReactNode } from 'react';

export interface PopoverProps {
  /** Name of the button for screen readers and as tooltip. */
  label: string;
  className?: string;
  trigger: ReactNode;
  align?: 'start' | 'end';
  disabled?: boolean;
  /** The content; `close` also gives the focus back to the button. */
  children: (close: () => void) => ReactNode;
}

/** Least distance of a panel from the edge of the screen, px. */
const EDGE = 8;

/** A button with a floating panel below it. Escape, a click outside or moving the focus away closes it. */
export function Popover({ label, className, trigger, align = 'start', disabled, children }: PopoverProps) {
  const [open, setOpen] = useState(false);
  const host = useRef<HTMLSpanElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);

  const close = useCallback(() => {
    setOpen(false);
    button.current?.focus();
  }, []);

  useEffect(() => {
    if (!open) return;
    const outside = (event: PointerEvent) => {
      const target = event.target as Element;
      // Select and date lists of antd are drawn outside the panel but belong to it.
      if (!host.current?.contains(target) && !target.closest('.ant-select-dropdown, .ant-picker-dropdown')) setOpen(false);
    };
    const key = (event: KeyboardEvent) => {
      if (event.key === 'Escape') {
        event.stopPropagation();
        close();
      }
    };
    document.addEventListener('pointerdown', outside);
    const element = host.current;
    element?.addEventListener('keydown', key);
    const first = panel.current?.querySelector<HTMLElement>('input, button, [href], [tabindex="0"]');
    (first ?? panel.current)?.focus();
    return () => {
      document.removeEventListener('pointerdown', outside);
      element?.removeEventListener('keydown', key);
    };
  }, [open, close]);

  // A panel that would leave the screen is moved back into it.
  useLayoutEffect(() => {
    const element = panel.current;
    if (!open || !element) return;
    const fit = () => {
      element.style.translate = '';
      const { left, right } = element.getBoundingClientRect();
      const over = Math.max(0, right - (document.documentElement.clientWidth - EDGE));
      const shift = left - over < EDGE ? EDGE - left : -over;
      if (shift) element.style.translate = `${shift}px 0`;
    };
    fit();
    window.addEventListener('resize', fit);
    return () => window.removeEventListener('resize', fit);
  }, [open]);

  return (
    <span className="popover-host" ref={host}>
      <button
        ref={button}
        type="button"
        className={className}
        aria-label={label}
        title={label}
        aria-expanded={open}
        aria-haspopup="dialog"
        disabled={disabled}
        onClick={() => setOpen(!open)}
      >
        {trigger}
      </button>
      {open ? (
        <div ref={panel} className={`popover ${align}`} role="dialog" aria-label={label} tabIndex={-1}>
          {children(close)}
        </div>
      ) : null}
    </span>
  );
}
