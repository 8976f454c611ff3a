import { Link } from '@tanstack/react-router';
import type { PlanChange } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { planChangeText } from '@tashi/shared/plan/text.ts';
import { changeText, unfitText, whyText } from '@tashi/shared/plan/words.ts';
import { Icon } from '@tashi/shared/ui';
import './changes.css';

const LOOK = { applied: 'fg-accent', waiting: 'fg-late', returned: 'fg-late', rejected: 'm3', withdrawn: 'm3', unfit: 'fg-late' } as const;

/** What a person changed of his own day: when, why, by how much, and how it stands. */
export function Changes({ changes }: { changes: readonly PlanChange[] }) {
  const t = useT(planChangeText);
  const format = useFormat();
  if (!changes.length) return null;
  return (
    <ul className="plan-changes">
      {changes.map((one) => {
        const meters = one.before && one.after ? one.after.meters - one.before.meters : null;
        const facts = format.dots([one.kind === 'reorder' && t('moved', { count: one.moved }), meters !== null && `${meters > 0 ? '+' : meters < 0 ? '−' : '±'}${format.km(Math.abs(meters))} km`]);
        return (
          <li key={one.id}>
            <Icon name={one.kind === 'reorder' ? 'sync' : 'next'} size={15} weight={2} className={LOOK[one.status]} />
            <div>
              <p><b>{changeText(t, format, one)}</b> <span className={`s12 ${LOOK[one.status]}`}>{t(`status.${one.status}`)}</span></p>
              <p className="s12 m2">{whyText(t, one.code, one.words)}</p>
              <p className="s12 m3">{facts}{one.unfit ? ` ${unfitText(t, one.unfit)}` : ''}{one.case_id ? <>{facts ? ' · ' : ''}<Link to="/approvals/$id" params={{ id: one.case_id }}>{t('case')}</Link></> : null}</p>
            </div>
          </li>
        );
      })}
    </ul>
  );
}
