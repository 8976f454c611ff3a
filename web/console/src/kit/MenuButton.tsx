import { Icon, type IconName } from '@tashi/shared/ui';
import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';

export interface MenuItem {
  key: string;
  label: string;
  icon?: IconName;
  run(): void;
  danger?: boolean;
  divided?: boolean;
  /** Why it cannot be done now; shown under the label. */
  disabled?: string;
}

/** A button with a menu: arrows move, Enter runs, Escape closes and gives the focus back. */
export function MenuButton({ label, className, items, children }: {
  label: string;
  className?: string;
  items: MenuItem[];
  children: ReactNode;
}) {
  const [open, setOpen] = useState(false);
  const host = useRef<HTMLSpanElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const menu = useRef<HTMLDivElement>(null);
  const id = useId();

  useEffect(() => {
    if (!open) return;
    const outside = (event: PointerEvent) => {
      if (!host.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener('pointerdown', outside);
    menu.current?.querySelector<HTMLElement>('[role=menuitem]')?.focus();
    return () => document.removeEventListener('pointerdown', outside);
  }, [open]);

  const move = (event: KeyboardEvent) => {
    const all = [...(menu.current?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])];
    const at = all.indexOf(document.activeElement as HTMLElement);
    if (event.key === 'ArrowDown') all[(at + 1) % all.length]?.focus();
    else if (event.key === 'ArrowUp') all[(at - 1 + all.length) % all.length]?.focus();
    else if (event.key === 'Escape') {
      setOpen(false);
      button.current?.focus();
    } else if (event.key === 'Tab') {
      setOpen(false);
      return;
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <span className="popover-host" ref={host}>
      <button
        ref={button}
        type="button"
        className={className}
        aria-label={label}
        title={label}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => setOpen(!open)}
      >
        {children}
      </button>
      {open ? (
        <div ref={menu} id={id} className="popover end menu" role="menu" aria-label={label} onKeyDown={move}>
          {items.map((item) => (
            <button
              key={item.key}
              type="button"
              role="menuitem"
              tabIndex={-1}
              className={`${item.danger ? 'danger' : ''} ${item.divided ? 'divided' : ''}`}
              aria-disabled={item.disabled ? true : undefined}
              onClick={() => {
                if (item.disabled) return;
                setOpen(false);
                button.current?.focus();
                item.run();
              }}
            >
              {item.icon ? <Icon name={item.icon} /> : null}
              <span>
                {item.label}
                {item.disabled ? <small>{item.disabled}</small> : null}
              </span>
            </button>
          ))}
        </div>
      ) : null}
    </span>
  );
}
