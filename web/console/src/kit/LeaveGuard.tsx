import { useBlocker } from '@tanstack/react-router';
import { useT } from '@tashi/shared/i18n';
import { Modal } from './Modal';
import { kitText } from './text';

/** Asks before a screen with unsaved input is left. */
export function LeaveGuard({ dirty }: { dirty: boolean }) {
  const t = useT(kitText);
  const blocker = useBlocker({ shouldBlockFn: () => dirty, withResolver: true, enableBeforeUnload: () => dirty });
  if (blocker.status !== 'blocked') return null;
  return (
    <Modal
      title={t('form.leave')}
      width={400}
      onClose={blocker.reset}
      foot={
        <>
          <button type="button" className="btn danger" onClick={blocker.proceed}>{t('form.leaveDiscard')}</button>
          <button type="button" className="btn pri" data-autofocus onClick={blocker.reset}>{t('form.leaveStay')}</button>
        </>
      }
    >
      <span />
    </Modal>
  );
}
