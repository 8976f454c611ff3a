import { commonText, useT } from '@tashi/shared/i18n';
import { Icon } from '@tashi/shared/ui';
import { ConfigProvider } from 'antd';
import { useEffect, useId, useRef, type ReactNode } from 'react';

/** A native dialog: keeps the focus inside, Escape closes, the rest of the page is inert. */
export function Modal({ title, onClose, children, foot, width = 520, bare }: {
  title: string;
  onClose(): void;
  children: ReactNode;
  foot?: ReactNode;
  width?: number;
  /** Without head and padding (the palette draws its own). */
  bare?: boolean;
}) {
  const t = useT(commonText);
  const ref = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const dialog = ref.current;
    if (dialog && !dialog.open) {
      dialog.showModal();
      // React focuses `autoFocus` while the dialog is still closed, which does nothing; the field is marked instead.
      dialog.querySelector<HTMLElement>('[data-autofocus], input:not([type=hidden], [readonly]), textarea')?.focus();
    }
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={ref}
      className={bare ? 'modal bare' : 'modal'}
      style={{ width: `min(${width}px, calc(100vw - 32px))` }}
      aria-labelledby={bare ? undefined : heading}
      aria-label={bare ? title : undefined}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onPointerDown={(event) => {
        if (event.target === ref.current) onClose();
      }}
    >
      {/* Lists of selects and pickers must open inside the top layer, else they are behind the dialog. */}
      <ConfigProvider getPopupContainer={() => ref.current ?? document.body}>
      <div className="modal-inner">
        {bare ? null : (
          <header className="modal-head">
            <h2 id={heading}>{title}</h2>
            <button type="button" className="icb" aria-label={t('close')} onClick={onClose}>
              <Icon name="close" />
            </button>
          </header>
        )}
        {bare ? children : <div className="modal-body">{children}</div>}
        {foot ? <footer className="modal-foot">{foot}</footer> : null}
      </div>
      </ConfigProvider>
    </dialog>
  );
}
