import { commonText, useT } from '../i18n';
import { Icon } from './Icon';
import { toast } from './Toast';

/** The number of a request that failed, to copy for whoever runs the server; nothing when there is none.
 *  `label` where it is the number of something else. */
export function RequestId({ id, label, className = 'btn link s12 m3' }: { id: string | null | undefined; label?: string; className?: string }) {
  const t = useT(commonText);
  if (!id) return null;
  return (
    <button type="button" className={className} title={label === undefined ? t('copyRequestId') : undefined} onClick={() => void navigator.clipboard?.writeText(id).then(() => toast(t('copied')))}>
      {label ?? t('requestId', { id })}
      <Icon name="copy" size={13} />
    </button>
  );
}
