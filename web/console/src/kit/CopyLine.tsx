import { commonText, useT } from '@tashi/shared/i18n';
import { Icon } from '@tashi/shared/ui';
import { useEffect, useState } from 'react';

/** A text to be copied elsewhere, with its name before it and a button after it. */
export function CopyLine({ label, value }: { label: string; value: string }) {
  const t = useT(commonText);
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <div className="copy-line">
      <span className="m3 s12">{label}</span>
      <code className="mono">{value}</code>
      <button type="button" className="btn sm" onClick={() => void navigator.clipboard?.writeText(value).then(() => setCopied(true))}>
        <Icon name={copied ? 'check' : 'copy'} size={14} />
        <span aria-live="polite">{copied ? t('copied') : t('copy')}</span>
      </button>
    </div>
  );
}
