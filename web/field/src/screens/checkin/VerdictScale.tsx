import type { FenceVerdict } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { IN_FROM, OUT_BELOW } from '../../geo/fence.ts';
import { checkInText } from './text.ts';

/** Probability of being inside on a scale whose zones are the three answers. */
export function VerdictScale({ probability, verdict }: { probability: number | null; verdict: FenceVerdict | null }) {
  const t = useT(checkInText);
  const f = useFormat();
  const known = probability !== null;
  // The outer zones are drawn wider than their share, so that a thumb-sized mark fits into them.
  const zone = 10;
  const at = !known ? 50
    : probability < OUT_BELOW ? (probability / OUT_BELOW) * zone
    : probability < IN_FROM ? zone + ((probability - OUT_BELOW) / (IN_FROM - OUT_BELOW)) * (100 - 2 * zone)
    : 100 - zone + ((probability - IN_FROM) / (1 - IN_FROM)) * zone;
  const color = verdict === 'in' ? 'var(--visit-mark)' : verdict === 'out' ? 'var(--problem-mark)' : 'var(--late-mark)';
  const bold = (is: FenceVerdict, tone: string) => (verdict === is ? { fontWeight: 700, color: `var(--${tone})` } : { color: 'var(--ink-3)' });
  return (
    <div style={{ marginTop: 12 }} role="img" aria-label={known ? t('scaleLabel', { percent: f.percent(probability) }) : t('scaleUnknown')}>
      <div style={{ position: 'relative', height: 16, display: 'grid', gridTemplateColumns: `${zone}% 1fr ${zone}%`, gap: 2, alignItems: 'center' }}>
        <i style={{ height: 6, borderRadius: 3, background: known ? 'var(--problem-mark)' : 'var(--line-strong)' }} />
        <i style={{ height: 6, background: 'var(--line-strong)' }} />
        <i style={{ height: 6, borderRadius: 3, background: known ? 'var(--visit-mark)' : 'var(--line-strong)' }} />
        {known ? <i style={{ position: 'absolute', left: `calc(${at}% - ${(at / 100) * 16}px)`, width: 16, height: 16, borderRadius: 8, background: 'var(--surface)', border: `3px solid ${color}` }} /> : null}
      </div>
      <div aria-hidden="true" style={{ display: 'flex', justifyContent: 'space-between', font: '12px/18px var(--font)' }}>
        <span style={bold('out', 'problem')}>{t('scaleOut')}</span>
        <span style={bold('cannot_tell', 'late')}>{t('scaleUnknown')}</span>
        <span style={bold('in', 'visit')}>{t('scaleIn')}</span>
      </div>
    </div>
  );
}
