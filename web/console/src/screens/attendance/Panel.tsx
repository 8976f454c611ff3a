import { commonText, useT } from '@tashi/shared/i18n';
import { Icon, SkeletonRows } from '@tashi/shared/ui';
import { useId, type ReactNode } from 'react';
import { Modal } from '../../kit/Modal';
import { ProblemView } from '../../kit/ProblemView';
import { attendanceText } from './text';

/** A card of the settings: what it is for, its list, its one action. */
export function Panel({ title, intro, action, onAction, pending, error, onRetry, empty, children }: {
  title: string;
  intro: string;
  action: string;
  /** Absent: the reader may not change it. */
  onAction?(): void;
  pending: boolean;
  error: unknown;
  onRetry(): void;
  /** Said when the list has nothing. */
  empty: string | null;
  children: ReactNode;
}) {
  const t = useT(attendanceText);
  return (
    <section className="panel" aria-label={title}>
      <header>
        <div><h3>{title}</h3><p className="m2 s12">{intro}</p></div>
        {onAction ? <button type="button" className="btn" onClick={onAction}><Icon name="plus" size={15} />{action}</button> : null}
      </header>
      {error ? <ProblemView error={error} compact onRetry={onRetry} /> : null}
      {pending ? <SkeletonRows rows={3} /> : null}
      {empty ? <p className="m3">{empty}</p> : null}
      <ul>{children}</ul>
      {onAction ? null : <p className="note"><Icon name="lock" size={13} />{t('readOnly')}</p>}
    </section>
  );
}

/** A dialog with a form and one button that saves. */
export function FormDialog({ title, ready, busy, error, onSave, onClose, children }: {
  title: string;
  ready: boolean;
  busy: boolean;
  error: unknown;
  onSave(): void;
  onClose(): void;
  children: ReactNode;
}) {
  const common = useT(commonText);
  const form = useId();
  return (
    <Modal
      title={title} onClose={onClose}
      foot={<><button type="button" className="btn" onClick={onClose}>{common('cancel')}</button><button type="submit" form={form} className="btn pri" disabled={!ready || busy}>{common('save')}</button></>}
    >
      <form id={form} className="attendance-form" onSubmit={(event) => { event.preventDefault(); if (ready && !busy) onSave(); }}>
        {children}
        {error ? <ProblemView error={error} compact /> : null}
      </form>
    </Modal>
  );
}
