import { commonText, useT } from '@tashi/shared/i18n';
import { Icon } from '@tashi/shared/ui';
import { useState } from 'react';
import { Modal } from '../../kit/Modal';
import { peopleText } from './text';

/** Shows a new initial password once, to be handed over. */
export function InitialPassword({ name, password, onClose }: { name: string; password: string; onClose(): void }) {
  const t = useT(peopleText);
  const common = useT(commonText);
  const [copied, setCopied] = useState(false);
  return (
    <Modal
      title={t('initialTitle', { name })}
      width={440}
      onClose={onClose}
      foot={<button type="button" className="btn pri" onClick={onClose}>{common('close')}</button>}
    >
      <div className="secret">
        <code className="mono">{password}</code>
        <button
          type="button"
          className="btn sm"
          onClick={() => void navigator.clipboard?.writeText(password).then(() => setCopied(true))}
        >
          <Icon name={copied ? 'check' : 'copy'} size={14} />
          {copied ? common('copied') : common('copy')}
        </button>
      </div>
      <p className="m2">{t('initialDetail')}</p>
      <p className="m3 s12" style={{ marginTop: 8 }}>{t('inviteLink')} {window.location.origin}/m/</p>
    </Modal>
  );
}
