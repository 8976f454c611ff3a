import { commonText, useT } from '@tashi/shared/i18n';
import { Icon, toast } from '@tashi/shared/ui';
import { useEffect, useId, useRef, type ReactNode } from 'react';
import { LeaveGuard } from './LeaveGuard';
import { MenuButton, type MenuItem } from './MenuButton';
import { kitText } from './text';

export interface EntityDrawerProps {
  title: ReactNode;
  /** Plain text of the title for screen readers when the title is more than a text. */
  label?: string;
  subtitle?: ReactNode;
  onClose(): void;
  /** 560 over a list (default), 364 over a map. */
  width?: number;
  /** Address to copy; without it the button is not shown. */
  link?: string;
  menu?: MenuItem[];
  foot?: ReactNode;
  /** Unsaved input: leaving asks first. */
  dirty?: boolean;
  children: ReactNode;
}

/**
 * A page at the right edge that leaves list and map alive. Escape closes; the focus goes to its head and, when it
 * closes, back to where it came from. On narrow pages it takes the whole width.
 */
export function EntityDrawer({ title, label, subtitle, onClose, width = 560, link, menu, foot, dirty, children }: EntityDrawerProps) {
  const t = useT(kitText);
  const common = useT(commonText);
  const head = useId();
  const box = useRef<HTMLElement>(null);
  const leave = useRef(onClose);
  leave.current = onClose;

  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    box.current?.focus({ preventScroll: true });
    return () => {
      if (before?.isConnected) before.focus({ preventScroll: true });
    };
  }, []);
  useEffect(() => {
    const escape = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented || document.querySelector('dialog[open]')) return;
      const at = event.target as Element | null;
      // Escape first closes an open list, leaves a field of another part of the page, or puts back what is being moved.
      if (at?.closest('.popover, [aria-expanded=true], .field-search, [aria-roledescription=sortable][aria-pressed=true]')) return;
      // The same key press would also close the dialog that asks about unsaved input.
      event.preventDefault();
      leave.current();
    };
    document.addEventListener('keydown', escape);
    return () => document.removeEventListener('keydown', escape);
  }, []);

  return (
    <aside className="drawer" ref={box} tabIndex={-1} aria-labelledby={label ? undefined : head} aria-label={label} style={{ width }}>
      <header className="drawer-head">
        <div className="drawer-title">
          <h2 id={head}>{title}</h2>
          {subtitle ? <div className="s12 m2">{subtitle}</div> : null}
        </div>
        <span className="row" style={{ gap: 0 }}>
          {link ? (
            <button
              type="button"
              className="icb"
              aria-label={t('drawer.copyLink')}
              title={t('drawer.copyLink')}
              onClick={() => void navigator.clipboard?.writeText(new URL(link, window.location.origin).href).then(() => toast(t('drawer.linkCopied')))}
            >
              <Icon name="link" />
            </button>
          ) : null}
          {menu?.length ? <MenuButton label={common('more')} className="icb" items={menu}><Icon name="more" /></MenuButton> : null}
          <button type="button" className="icb" aria-label={common('close')} title={common('close')} onClick={onClose}>
            <Icon name="close" />
          </button>
        </span>
      </header>
      <div className="drawer-body">{children}</div>
      {foot ? <footer className="drawer-foot">{foot}</footer> : null}
      <LeaveGuard dirty={!!dirty} />
    </aside>
  );
}
