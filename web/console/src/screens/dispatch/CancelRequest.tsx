import type { UrgentRequest } from '@tashi/shared/api';
import { useT } from '@tashi/shared/i18n';
import { toast } from '@tashi/shared/ui';
import { AskReason } from '../../kit/AskReason';
import { dispatchText } from './text';
import { useCancel } from './useDispatch';

export function CancelRequest({ request, onClose }: { request: UrgentRequest; onClose(): void }) {
  const t = useT(dispatchText);
  const cancel = useCancel(request.id);
  return (
    <AskReason
      title={t('cancelTitle', { name: request.customer.name })}
      detail={t('cancelDetail')}
      label={t('cancelReason')}
      verb={t('cancel')}
      danger
      busy={cancel.isPending}
      error={cancel.error}
      onRun={(reason) => cancel.mutate(reason, { onSuccess: () => { toast(t('cancelled')); onClose(); } })}
      onClose={onClose}
    />
  );
}
