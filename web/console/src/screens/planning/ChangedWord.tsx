import type { PlanChange } from '@tashi/shared/api';
import { useFormat, useT } from '@tashi/shared/i18n';
import { planChangeText } from '@tashi/shared/plan/text.ts';
import { changeText, whyText } from '@tashi/shared/plan/words.ts';
import { Icon } from '@tashi/shared/ui';

/** The last thing a person changed of his own day, in a few words: re-ordered by the rep at 10:12, why. */
export function ChangedWord({ changes }: { changes: readonly PlanChange[] }) {
  const t = useT(planChangeText);
  const format = useFormat();
  const last = [...changes].reverse().find((one) => one.status === 'applied' || one.status === 'waiting');
  if (!last) return null;
  const words = format.dots([changeText(t, format, last), whyText(t, last.code, last.words)]);
  return <span className={`row g4 clip ${last.status === 'waiting' ? 'fg-late' : 'fg-accent'}`} title={words}><Icon name={last.kind === 'reorder' ? 'sync' : 'next'} size={13} weight={2} /><span className="clip">{words}</span></span>;
}
