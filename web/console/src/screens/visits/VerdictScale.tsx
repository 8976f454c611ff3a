import { useFormat, useT } from '@tashi/shared/i18n';
import { scalePosition } from './checks';
import { visitsText } from './text';

/** Out, cannot tell, in: three zones of one scale, and where this check-in stands on it. */
export function VerdictScale({ probability }: { probability: number }) {
  const t = useT(visitsText);
  const format = useFormat();
  const percent = format.percent(probability);
  const at = scalePosition(probability) * 100;
  return (
    <div className="verdict-scale" role="img" aria-label={t('scaleMiddle', { percent })}>
      <div className="verdict-bar">
        <i className="out" />
        <i className="middle" />
        <i className="in" />
        <b style={{ left: `${at}%` }} />
      </div>
      <div className="verdict-words" aria-hidden="true">
        <span className="fg-problem">{t('outScale')}</span>
        <span className="w7">{t('scaleMiddle', { percent })}</span>
        <span className="fg-visit">{t('inScale')}</span>
      </div>
    </div>
  );
}
