import type { UrgentRequest } from '@tashi/shared/api';
import { commonText, useT } from '@tashi/shared/i18n';
import { toast } from '@tashi/shared/ui';
import { Input } from 'antd';
import { useId, useState } from 'react';
import { Modal } from '../../kit/Modal';
import { ProblemView } from '../../kit/ProblemView';
import { dispatchText } from './text';
import { useCancel } from './useDispatch';

export function CancelRequest({ request, onClose }: { request: UrgentRequest; onClose(): void }) {
  const t = useT(dispatchText);
  const common = useT(commonText);
  const form = useId();
  const [reason, setReason] = useState('');
  const cancel = useCancel(request.id);
  return (
    <Modal
      title={t('cancelTitle', { name: request.customer.name })}
      width={420}
      onClose={onClose}
      foot={
        <>
          <button type="button" className="btn" onClick={onClose}>{common('cancel')}</button>
          <button type="submit" form={form} className="btn danger" disabled={!reason.trim() || cancel.isPending}>{t('cancel')}</button>
        </>
      }
    >
      <form id={form} className="dispatch-form" onSubmit={(event) => {
        event.preventDefault();
        cancel.mutate(reason.trim(), { onSuccess: () => { toast(t('cancelled')); onClose(); } });
      }}>
        <p className="m2">{t('cancelDetail')}</p>
        <label className="plan-field"><span>{t('cancelReason')}</span><Input value={reason} maxLength={200} autoFocus onChange={(event) => setReason(event.target.value)} /></label>
        {cancel.error ? <ProblemView error={cancel.error} compact /> : null}
      </form>
    </Modal>
  );
}
