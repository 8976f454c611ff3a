import Popup from 'antd-mobile/es/components/popup';
import { useState } from 'react';
import { newId } from '@tashi/shared/api/id.ts';
import { commonText, useFormat, useT } from '@tashi/shared/i18n';
import { Icon } from '@tashi/shared/ui';
import type { NewAttendanceRequest } from '@tashi/shared/api';
import { useToday } from '../../app/context.tsx';
import '../../shell/mobile.tsx';
import { OVERTIME_LENGTHS } from '../../work/overtime.ts';
import { Choose } from '../approvals/Choose.tsx';
import { checkInText } from './text.ts';

/** Overtime as it is handed in with the check-in, and what it is called in the list of what waits. */
export interface Declared {
  request: NewAttendanceRequest;
  about: string;
}

export interface OvertimeSheetProps {
  /** Minute of today it would begin at. */
  from: number;
  customer: string;
  onClose: () => void;
  /** Declared or not: the check-in goes on. */
  onDone: (declared?: Declared) => void;
}

/** Working time is over: overtime is declared in one tap, or the check-in stands alone and nothing else is recorded. */
export default function OvertimeSheet({ from, customer, onClose, onDone }: OvertimeSheetProps) {
  const t = useT(checkInText);
  const c = useT(commonText);
  const f = useFormat();
  const today = useToday();
  const [length, setLength] = useState<number>(OVERTIME_LENGTHS[0]);
  // Nothing is handed in before the check-in itself is certain.
  const declare = () => {
    const window = { from_minute: from, to_minute: from + length };
    const request = { id: newId(), kind: 'overtime' as const, from_day: today, ...window, reason: t('overtimeReason', { name: customer }) };
    onDone({ request, about: f.dots([t('overtimeAbout'), f.day(today), until(window.to_minute)]) });
  };
  const until = (minute: number) => t('overtimeUntil', { time: f.minuteOfDay(minute % 1440) });
  return (
    <Popup visible onMaskClick={onClose} onClose={onClose} bodyStyle={{ borderRadius: '22px 22px 0 0', maxWidth: 560, margin: '0 auto', right: 0, maxHeight: '92vh', overflowY: 'auto' }}>
      <div role="dialog" aria-modal="true" aria-label={t('overtimeTitle')} style={{ padding: '16px 16px calc(14px + var(--safe-bottom))' }} onKeyDown={(e) => e.key === 'Escape' && onClose()}>
        <div className="row">
          <h2 style={{ font: '700 18px/26px var(--font)' }}>{t('overtimeTitle')}</h2>
          <span className="sp" />
          <button type="button" className="ib" aria-label={c('close')} onClick={onClose}><Icon name="close" size={22} /></button>
        </div>
        <p className="m2 s14">{t('overtimeText')}</p>
        <div className="opts" role="radiogroup" aria-label={t('overtimeLength')} style={{ margin: '8px 0 12px' }}>
          {OVERTIME_LENGTHS.map((one) => (
            <button type="button" key={one} className="opt" role="radio" aria-checked={length === one} onClick={() => setLength(one)}>
              {length === one ? <Icon name="okCircle" size={20} weight={2} /> : <span className="dot" />}
              {f.dots([f.duration(one * 60), until(from + one)])}
            </button>
          ))}
        </div>
        <Choose kind="overtime" place="attendance/overtime" />
        <button type="button" className="cta" onClick={declare}>{t('overtimeDo')}</button>
        <button type="button" className="textlink" style={{ width: '100%' }} onClick={() => onDone()}>{t('overtimeNot')}</button>
      </div>
    </Popup>
  );
}
