import { commonText, useT } from '@tashi/shared/i18n';
import { useId, useState, type ReactNode } from 'react';
import { Modal } from './Modal';
import { ProblemView } from './ProblemView';

/** Longest reason, as the server takes it. */
const LONGEST = 200;

/** Asks why before something is done that others will see. The button is the verb; Enter in the field presses it. */
export function AskReason({ title, detail, label, placeholder, verb, danger, busy, error, ready = true, onRun, onClose, children }: {
  title: string;
  detail: ReactNode;
  label: string;
  placeholder?: string;
  verb: string;
  /** It cannot be undone. */
  danger?: boolean;
  busy: boolean;
  error: unknown;
  /** Everything else that is asked has been answered. */
  ready?: boolean;
  onRun(reason: string): void;
  onClose(): void;
  children?: ReactNode;
}) {
  const t = useT(commonText);
  const form = useId();
  const [reason, setReason] = useState('');
  const may = !!reason.trim() && ready && !busy;
  return (
    <Modal
      title={title}
      width={460}
      onClose={onClose}
      foot={
        <>
          <button type="button" className="btn" onClick={onClose}>{t('back')}</button>
          <button type="submit" form={form} className={danger ? 'btn danger-fill' : 'btn pri'} disabled={!may}>{verb}</button>
        </>
      }
    >
      <form
        id={form}
        className="ask-reason"
        onSubmit={(event) => {
          event.preventDefault();
          if (may) onRun(reason.trim());
        }}
      >
        <p className="m2">{detail}</p>
        {children}
        <label>
          <span>{label}</span>
          <input className="plain-input" data-autofocus maxLength={LONGEST} placeholder={placeholder} value={reason} onChange={(event) => setReason(event.target.value)} />
        </label>
        {error ? <ProblemView error={error} compact /> : null}
      </form>
    </Modal>
  );
}
