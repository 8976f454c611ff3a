import Popup from 'antd-mobile/es/components/popup';
import { useState, type ReactNode } from 'react';
import { commonText, useT } from '@tashi/shared/i18n';
import { Icon } from '@tashi/shared/ui';
import './mobile.tsx';

export interface ReasonSheetProps {
  title: string;
  /** Usual reasons; the last one asks for words of the person's own. */
  reasons: readonly string[];
  ownWords: string;
  /** Words may be added to every reason, under this name. */
  moreWords?: string;
  confirmText: string;
  /** Asked beside the reason. */
  children?: ReactNode;
  onClose: () => void;
  /** `chosen` counts from 0; `words` are the person's own. */
  onReason: (reason: string, chosen: number, words: string) => void;
}

/** Asks why, with the usual answers one tap away. */
export default function ReasonSheet({ title, reasons, ownWords, moreWords, confirmText, children, onClose, onReason }: ReasonSheetProps) {
  const t = useT(commonText);
  const [chosen, setChosen] = useState<string | null>(null);
  const [words, setWords] = useState('');
  const other = chosen === reasons[reasons.length - 1];
  const reason = other ? words.trim() : (chosen ?? '');
  return (
    <Popup visible onMaskClick={onClose} onClose={onClose} bodyStyle={{ borderRadius: '22px 22px 0 0', maxWidth: 560, margin: '0 auto', right: 0 }}>
      <div role="dialog" aria-modal="true" aria-label={title} style={{ padding: '16px 16px calc(14px + var(--safe-bottom))' }} onKeyDown={(e) => e.key === 'Escape' && onClose()}>
        <div className="row">
          <h2 style={{ font: '700 18px/26px var(--font)' }}>{title}</h2>
          <span className="sp" />
          <button type="button" className="ib" aria-label={t('close')} onClick={onClose}><Icon name="close" size={22} /></button>
        </div>
        <div className="opts" role="radiogroup" aria-label={title} style={{ margin: '6px 0 12px' }}>
          {reasons.map((one) => (
            <button type="button" key={one} className="opt" role="radio" aria-checked={chosen === one} onClick={() => setChosen(one)}>
              {chosen === one ? <Icon name="okCircle" size={20} weight={2} /> : <span className="dot" />}
              {one}
            </button>
          ))}
        </div>
        {other || (moreWords && chosen) ? <label className="fld"><span>{other ? ownWords : moreWords}</span><textarea autoFocus={other} rows={2} maxLength={200} value={words} onChange={(e) => setWords(e.target.value)} style={{ minHeight: 72 }} /></label> : null}
        {children}
        <button type="button" className="cta" disabled={!reason} style={reason ? undefined : { opacity: 0.55 }} onClick={() => onReason(reason, chosen === null ? -1 : reasons.indexOf(chosen), words.trim())}>{confirmText}</button>
      </div>
    </Popup>
  );
}
