import type { ApprovalPage } from '../api/schema';
import { useT } from '../i18n';
import { Icon } from '../ui';
import { planChangeText } from './text';
import { unfitText } from './words';

/** What became of an approved change; nothing before it is decided. */
export function Outcome({ page }: { page: Pick<ApprovalPage, 'content'> }) {
  const t = useT(planChangeText);
  const { outcome } = page.content;
  if (!outcome) return null;
  const fine = outcome.status === 'applied';
  return <p className={`row g6 pc-outcome ${fine ? 'fg-visit' : 'fg-late'}`} role="status"><Icon name={fine ? 'okCircle' : 'warn'} size={17} weight={2} />{fine ? t('applied') : unfitText(t, outcome.code)}</p>;
}
